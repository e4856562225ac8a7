"""Reminders as officers see and steer them, under /desk/reminders/."""

from django.urls import path

from reporting.reminding.views import ledgers, steps, texts, words

app_name = "reminding"
urlpatterns = [
    path("", words.index, name="index"),
    path("waiting/<int:pk>/", words.waiting, name="waiting"),
    path("deadlines/<int:pk>/", ledgers.deadline, name="deadline"),
    path("organizations/<slug:slug>/people/<int:pk>/", ledgers.person, name="person"),
    path("programmes/<slug:code>/ladder/", steps.ladder, name="ladder"),
    path("programmes/<slug:code>/texts/", texts.index, name="texts"),
    path("programmes/<slug:code>/texts/<slug:what>/", texts.text, name="text"),
    path("deadlines/<int:pk>/mails/<int:mail>/again/", ledgers.again, name="again"),
]
