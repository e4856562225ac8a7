"""The app of layouts and components."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    """Holds no tables: templates, components, styles and scripts only."""

    name = "minori.ui"
    label = "ui"
