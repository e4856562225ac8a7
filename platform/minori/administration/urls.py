"""Everything of the administration, under /administration/."""

from django.urls import path

from minori.administration import edition_views, people_views, views

app_name = "administration"
urlpatterns = [
    path("", views.home, name="home"),
    path("distributors/new/", views.create_distributor, name="create_distributor"),
    path("distributors/<slug:slug>/", views.distributor, name="distributor"),
    path("distributors/<slug:slug>/staff/<int:pk>/", views.change_staff, name="change_staff"),
    path("distributors/<slug:slug>/invitations/<int:pk>/", views.change_invitation, name="change_invitation"),
    path("state/", views.state, name="state"),
    path("organizations/", views.organizations, name="organizations"),
    path("editions/", edition_views.index, name="editions"),
    path("editions/<str:key>/<int:version>/", edition_views.edition, name="edition"),
    path("people/", people_views.people, name="people"),
    path("people/<int:pk>/", people_views.person, name="person"),
    path("people/<int:pk>/change/", people_views.change_person, name="change_person"),
]
