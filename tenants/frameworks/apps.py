from django.apps import AppConfig


class FrameworksConfig(AppConfig):
    name = "tenants.frameworks"
    label = "frameworks"
