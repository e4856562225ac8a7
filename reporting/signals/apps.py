from django.apps import AppConfig


class SignalsConfig(AppConfig):
    name = "reporting.signals"
    label = "signals"
