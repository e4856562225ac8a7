from django.apps import AppConfig


class PortfolioConfig(AppConfig):
    name = "reporting.portfolio"
    label = "portfolio"
