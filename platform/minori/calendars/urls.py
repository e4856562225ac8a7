from django.urls import path

from minori.calendars import views

app_name = "calendars"
urlpatterns = [
    path("", views.calendar, name="calendar"),
    path("feed/", views.change_feed, name="change_feed"),
    path("<str:token>.ics", views.feed, name="feed"),
]
