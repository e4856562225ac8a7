from django.apps import AppConfig


class CommonConfig(AppConfig):
    name = "reporting.common"
    label = "common"
