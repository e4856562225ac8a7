from django.apps import AppConfig


class RemarksConfig(AppConfig):
    name = "reporting.remarks"
    label = "remarks"
