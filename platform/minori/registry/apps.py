from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "minori.registry"
    label = "registry"
