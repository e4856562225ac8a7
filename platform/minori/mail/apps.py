from django.apps import AppConfig
from django.conf import settings


class MailConfig(AppConfig):
    name = "minori.mail"
    label = "mail"

    def ready(self) -> None:
        """Listen to a mail service's events, where one is set."""
        if settings.MAIL_SERVICE:
            from anymail.signals import tracking

            from minori.mail.services import hear

            tracking.connect(hear, dispatch_uid="minori.mail")
