from django.apps import AppConfig


class ProfilesConfig(AppConfig):
    name = "reporting.profiles"
    label = "profiles"
