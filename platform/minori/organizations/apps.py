from django.apps import AppConfig


class OrganizationsConfig(AppConfig):
    name = "minori.organizations"
    label = "organizations"
