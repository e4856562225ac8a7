"""Organizations' profiles and the log of talks, under /desk/organizations/."""

from django.urls import path

from reporting.profiles import views

app_name = "profiles"
urlpatterns = [
    path("organizations/<slug:slug>/", views.profile, name="profile"),
    path("organizations/<slug:slug>/talks/new/", views.new_talk, name="new_talk"),
    path("organizations/<slug:slug>/talks/<int:pk>/", views.talk, name="talk"),
    path("organizations/<slug:slug>/talks/<int:pk>/strike/", views.strike, name="strike"),
]
