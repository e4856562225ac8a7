from django.apps import AppConfig


class ReviewConfig(AppConfig):
    name = "reporting.review"
    label = "review"
