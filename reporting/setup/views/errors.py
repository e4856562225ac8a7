"""Problems of several forms on one page, for one summary."""

from typing import Any


def errors_of(*forms: Any) -> list[dict[str, str]]:
    """Every problem of all forms that were sent: the sentence, the field's address, and its name with its line."""
    return [
        {
            "href": "" if name == "__all__" else f"#{form[name].auto_id}",
            "text": str(problem),
            "where": "" if name == "__all__" else f"{_line_of(form)}{form[name].label}",
        }
        for form in forms
        if form.is_bound
        for name, problems in form.errors.items()
        for problem in problems
    ]


def _line_of(form: Any) -> str:
    """The number of a form among several alike ("rounds-0" is the first), else nothing."""
    place = str(form.prefix or "").rpartition("-")[2]
    return f"{int(place) + 1}. " if place.isdigit() else ""
