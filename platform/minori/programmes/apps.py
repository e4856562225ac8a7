from django.apps import AppConfig


class ProgrammesConfig(AppConfig):
    name = "minori.programmes"
    label = "programmes"
