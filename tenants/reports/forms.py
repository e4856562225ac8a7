"""What a page of a report posts: which fields, with the save each was loaded with."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from minori.filings.enums import ApprovalWay
from minori.report_forms import answers as answer_values
from minori.report_forms.answers import RowAnswer, UnknownProgressError
from minori.report_forms.contents import Approval, ApprovalManner
from minori.report_forms.edition import Kind, Section
from minori.report_forms.shapes import ShapeError
from minori.report_forms.texts import clean
from tenants.evidence.photos import Caption
from tenants.reports.drafts import WorkingCopy
from tenants.reports.merging import Side
from tenants.reports.saving import Given


class NotOurPage(ValueError):  # noqa: N818 - a state of the request
    """Something was posted that none of our pages offers."""


def version_name(key: str) -> str:
    """The hidden input that carries the save a field was loaded with."""
    return f"v-{key}"


def given_in(copy: WorkingCopy, section: Section, posted: QueryDict) -> dict[str, Given]:
    """The fields of a section that a page posted; those it did not carry stay untouched.

    Raises `NotOurPage` for what no page of ours can post.
    """
    values = {name: [str(one) for one in texts] for name, texts in posted.lists()}
    given: dict[str, Given] = {}
    try:
        for field in section.fields:
            if answer_values.is_answerable(field) and version_name(field.key) in posted:
                value = answer_values.to_json(answer_values.parse(field, values))
                blank = answer_values.to_json(answer_values.blank(field))
                given[field.key] = _given(posted, field.key, value, blank)
            elif field.kind == Kind.RESULTS:
                for row in copy.draft.rows_of(field):
                    key = str(row.uuid)
                    if version_name(key) in posted:
                        value = answer_values.parse_row(row.uuid, values).to_json()
                        given[key] = _given(posted, key, value, RowAnswer(row.uuid).to_json())
    except (UnknownProgressError, ShapeError) as error:
        raise NotOurPage(str(error)) from error
    return given


def _given(posted: QueryDict, key: str, value: dict[str, Any], blank: dict[str, Any]) -> Given:
    choices: dict[str, Side] = {"mine": "mine", "theirs": "theirs"}
    return Given(
        value=value,
        blank=blank,
        version=_number(posted.get(version_name(key))),
        prefer=choices.get(posted.get(f"choose-{key}", "")),
        seen=_number(posted.get(f"seen-{key}")),
    )


def _number(text: str | None) -> int:
    """A count from a hidden input; anything else is 0, "nothing was there"."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0  # noqa: PLR2004 - fits an integer column


def taken_in(posted: QueryDict) -> tuple[set[str], dict[str, int]]:
    """Which proposed answers were ticked, and the saves they were looked at with, by key."""
    seen = {name.removeprefix("v-"): _number(posted.get(name)) for name in posted if name.startswith("v-")}
    return set(posted.getlist("take")), seen


def bodies_in(posted: QueryDict) -> dict[int, str]:
    """The answers to comments that were typed, by the comments' primary keys."""
    names = {name: name.removeprefix("answer-") for name in posted if name.startswith("answer-")}
    return {_number(pk): clean(posted.get(name, "")) for name, pk in names.items() if _number(pk)}


def mark_in(posted: QueryDict) -> tuple[int, bool] | None:
    """Which comment the pressed button marks as dealt with (True) or opens again (False)."""
    for name, done in (("dealt", True), ("undealt", False)):
        if name in posted:
            return _number(posted.get(name)), done
    return None


def captions_in(posted: QueryDict) -> dict[UUID, Caption]:
    """The captions that were posted, with those the page was loaded with."""
    captions: dict[UUID, Caption] = {}
    for name in posted:
        if name.startswith("caption-") and (uuid := _uuid(name.removeprefix("caption-"))):
            captions[uuid] = Caption(text=posted.get(name, ""), was=posted.get(f"was-{uuid}", ""))
    return captions


def move_in(posted: QueryDict) -> tuple[UUID, bool] | None:
    """Which photo the pressed button moves, and whether up."""
    text, _colon, way = posted.get("move", "").partition(":")
    uuid = _uuid(text)
    return None if uuid is None or way not in {"up", "down"} else (uuid, way == "up")


def row_in(posted: QueryDict, name: str) -> UUID | None:
    """The row that a button names; None where none was pressed, and for what no button of ours says."""
    return _uuid(posted.get(name, ""))


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


_WAYS: Mapping[ApprovalManner, str | Promise] = {
    ApprovalManner.PRINTED: _("They saw a printed copy and approved"),
    ApprovalManner.MEETING: _("It was approved at a meeting"),
    ApprovalManner.SCREEN: _("I approve on this page"),
}
assert {way.value for way in _WAYS} == set(ApprovalWay.values), "every way of approving can be chosen"


class ApprovalForm(forms.Form):
    """Who approved inside the organization, how and when (団体内承認)."""

    approved_by = forms.CharField(
        label=_("Approved by"),
        max_length=100,
        help_text=_("The director or the board, for example; also somebody who does not use this system."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Please write who approved.")},
    )
    manner = forms.ChoiceField(
        label=_("How it was approved"),
        choices=[(way.value, words) for way, words in _WAYS.items()],
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose how it was approved.")},
    )
    approved_on = forms.DateField(
        label=_("Approved on"),
        widget=forms.DateInput(format="%Y-%m-%d"),
        error_messages={
            "required": _("Please enter the day of the approval."),
            "invalid": _("Please enter a day, such as 2026-10-14."),
        },
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_approved_on(self) -> date:
        """A day that has come."""
        day: date = self.cleaned_data["approved_on"]
        if day > self.today:
            raise forms.ValidationError(_("The day of the approval lies in the future."))
        return day

    @property
    def approval(self) -> Approval:
        """The approval, once the form is valid."""
        return Approval(
            approved_by=self.cleaned_data["approved_by"],
            manner=ApprovalManner(self.cleaned_data["manner"]),
            approved_on=self.cleaned_data["approved_on"],
        )
