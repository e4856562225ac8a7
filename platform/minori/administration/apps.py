from django.apps import AppConfig


class AdministrationConfig(AppConfig):
    name = "minori.administration"
    label = "administration"
