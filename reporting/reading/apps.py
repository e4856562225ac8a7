from django.apps import AppConfig


class ReadingConfig(AppConfig):
    name = "reporting.reading"
    label = "reading"
