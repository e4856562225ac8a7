"""Problems of several forms on one page, for one summary."""

from typing import Any


def errors_of(*forms: Any) -> list[dict[str, str]]:
    """Every problem of all forms that were sent, with the address of its field."""
    return [
        {"href": "" if name == "__all__" else f"#{form[name].auto_id}", "text": str(problem)}
        for form in forms
        if form.is_bound
        for name, problems in form.errors.items()
        for problem in problems
    ]
