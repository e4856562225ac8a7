"""The people of one house: outside the rooms, which read neither users nor invitations."""

from django.urls import path

from minori.houses import views

app_name = "houses"
urlpatterns = [
    path("people/<slug:slug>/", views.people, name="people"),
    path("people/<slug:slug>/members/<int:pk>/", views.change_member, name="change_member"),
    path("people/<slug:slug>/invitations/<int:pk>/", views.change_invitation, name="change_invitation"),
    path("staff/<slug:slug>/", views.staff, name="staff"),
    path("staff/<slug:slug>/members/<int:pk>/", views.change_staff, name="change_staff"),
    path(
        "staff/<slug:slug>/invitations/<int:pk>/",
        views.change_staff_invitation,
        name="change_staff_invitation",
    ),
]
