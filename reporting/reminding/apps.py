from django.apps import AppConfig


class RemindingConfig(AppConfig):
    name = "reporting.reminding"
    label = "reminding"
