from django.apps import AppConfig


class HousesConfig(AppConfig):
    name = "minori.houses"
    label = "houses"
