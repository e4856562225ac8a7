"""The demo's mailbox; there is none elsewhere."""

from django.conf import settings
from django.urls import URLPattern, path

from minori.mail import views

app_name = "mail"
mailbox: list[URLPattern] = [
    path("mailbox/", views.mailbox, name="mailbox"),
    path("mailbox/<str:name>/", views.letter, name="letter"),
]
urlpatterns: list[URLPattern] = mailbox if settings.MINORI_DEMO else []
