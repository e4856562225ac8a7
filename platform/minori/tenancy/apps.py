from django.apps import AppConfig


class TenancyConfig(AppConfig):
    name = "minori.tenancy"
    label = "tenancy"

    def ready(self) -> None:
        from minori.tenancy import checks  # noqa: F401 - registers the system checks
