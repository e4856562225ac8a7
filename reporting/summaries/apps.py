from django.apps import AppConfig


class SummariesConfig(AppConfig):
    name = "reporting.summaries"
    label = "summaries"
