from django.apps import AppConfig


class OwnConfig(AppConfig):
    name = "reporting.own"
    label = "own"
