"""The demo's mailbox; and where a mail service tells what became of mails, if one is set with a secret."""

from django.conf import settings
from django.urls import URLPattern, path

from minori.mail import views

app_name = "mail"
mailbox: list[URLPattern] = [
    path("mailbox/", views.mailbox, name="mailbox"),
    path("mailbox/<str:name>/", views.letter, name="letter"),
]


def events(service: str, *, secret: str) -> list[URLPattern]:
    """The one address at which events of the service are taken; none without a service and a secret.

    Anymail's view compares the secret (and a service's signature, where it has one) before it reads anything. Its address
    for inbound mails and those of other services are not there.
    """
    if not service or not secret:
        return []
    from anymail.urls import urlpatterns as known

    return [
        path("mail/events/", one.callback, name="events")
        for one in known
        if one.name == f"{service}_tracking_webhook" and one.callback is not None
    ]


urlpatterns: list[URLPattern] = [
    *(mailbox if settings.MINORI_DEMO else []),
    *events(settings.MAIL_SERVICE, secret=settings.ANYMAIL.get("WEBHOOK_SECRET", "")),
]
