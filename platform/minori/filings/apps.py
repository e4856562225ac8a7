from django.apps import AppConfig


class FilingsConfig(AppConfig):
    name = "minori.filings"
    label = "filings"
