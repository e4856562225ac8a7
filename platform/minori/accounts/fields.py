"""Names and titles as forms take them, for every app above."""

from typing import Any

from django import forms

from minori.report_forms.texts import one_line


class OneLine(forms.CharField):
    """A name or a title: what was pasted with line breaks or control characters comes out on one line."""

    def to_python(self, value: Any) -> str:
        return one_line(super().to_python(value) or "")
