from django.apps import AppConfig


class HandoverConfig(AppConfig):
    name = "reporting.handover"
    label = "handover"
