from django.apps import AppConfig


class CalendarsConfig(AppConfig):
    name = "minori.calendars"
    label = "calendars"
