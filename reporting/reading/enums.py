"""What a passage is, in words for people."""

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy


class Part(TextChoices):
    """Where in a report a text stands; the values are those of `passages.Part`."""

    ROW = "row", pgettext_lazy("part of a report", "Actual results")
    REMARK = "remark", pgettext_lazy("part of a report", "Remarks on progress")
    FIELD = "field", pgettext_lazy("part of a report", "Other questions")
    CAPTION = "caption", pgettext_lazy("part of a report", "Captions of photos and files")
