from django.apps import AppConfig
from django.conf import settings

from minori.report_forms import editions


class ProgrammesConfig(AppConfig):
    name = "minori.programmes"
    label = "programmes"

    def ready(self) -> None:
        """Form editions are read from the administrator's folder too."""
        editions.use_folder(settings.EDITIONS_DIR)
