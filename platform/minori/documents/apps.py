from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "minori.documents"
    label = "documents"
