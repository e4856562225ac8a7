"""Reminders as officers see and steer them, under /desk/reminders/."""

from django.urls import path

from reporting.reminding.views import words

app_name = "reminding"
urlpatterns = [
    path("", words.index, name="index"),
    path("waiting/<int:pk>/", words.waiting, name="waiting"),
]
