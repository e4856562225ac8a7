from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    name = "tenants.evidence"
    label = "evidence"
