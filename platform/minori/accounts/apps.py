from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "minori.accounts"
    label = "accounts"
