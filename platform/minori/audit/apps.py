from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "minori.audit"
    label = "audit"
