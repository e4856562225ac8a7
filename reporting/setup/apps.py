from django.apps import AppConfig


class SetupConfig(AppConfig):
    name = "reporting.setup"
    label = "setup"
