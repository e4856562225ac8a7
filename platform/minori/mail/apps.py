from django.apps import AppConfig


class MailConfig(AppConfig):
    name = "minori.mail"
    label = "mail"
