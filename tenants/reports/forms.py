"""What a page of a report posts: which fields, with the save each was loaded with."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from minori.accounts.fields import OneLine
from minori.filings.enums import ApprovalWay
from minori.programmes.calendar import sane_day
from minori.report_forms import answers as answer_values
from minori.report_forms.answers import RowAnswer, UnknownProgressError
from minori.report_forms.contents import Approval, ApprovalManner, Rights
from minori.report_forms.edition import Field, Kind, Section
from minori.report_forms.framework import Indicator
from minori.report_forms.shapes import ShapeError
from minori.report_forms.texts import clean
from minori.ui import addresses
from tenants.evidence.attachments import Described
from tenants.reports import numbers, stamps
from tenants.reports.drafts import WorkingCopy
from tenants.reports.merging import Side
from tenants.reports.saving import Given, Sender

PAGE_NAME = 40  # characters of the name a page gives itself
RowsOf = Callable[[Field, set[UUID]], Mapping[UUID, Sequence[Indicator]]]
"""The rows a results field asks about, each with its indicators."""


class NotOurPage(ValueError):  # noqa: N818 - a state of the request
    """Something was posted that none of our pages offers."""


def version_name(key: str) -> str:
    """The hidden input that carries the stamp of the save a field was loaded with."""
    return f"v-{key}"


def given_in(copy: WorkingCopy, section: Section, posted: QueryDict) -> dict[str, Given]:
    """The fields of a section that a page posted; those it did not carry stay untouched.

    Raises `NotOurPage` for what no page of ours can post.
    """
    return given_at(
        section,
        posted,
        rows_of=lambda field, _asked: {row.uuid: row.indicators for row in copy.draft.rows_of(field)},
    )


def given_at(section: Section, posted: QueryDict, *, rows_of: RowsOf) -> dict[str, Given]:
    """`given_in` without the working copy: `rows_of` tells which of the posted rows a results field asks about."""
    values = {name: [str(one) for one in texts] for name, texts in posted.lists()}
    given: dict[str, Given] = {}
    try:
        for field in section.fields:
            if answer_values.is_answerable(field) and version_name(field.key) in posted:
                value = answer_values.to_json(answer_values.parse(field, values))
                blank = answer_values.to_json(answer_values.blank(field))
                given[field.key] = _given(posted, field.key, value, blank)
            elif field.kind == Kind.RESULTS:
                asked = _rows_in(posted)
                for row, indicators in sorted(rows_of(field, asked).items()):
                    if row in asked:
                        given[str(row)] = _given_row(posted, row, indicators, values)
    except (UnknownProgressError, ShapeError) as error:
        raise NotOurPage(str(error)) from error
    return given


def _rows_in(posted: QueryDict) -> set[UUID]:
    """The rows a page posted."""
    found = (_uuid(name.removeprefix("v-")) for name in posted if name.startswith("v-"))
    return {uuid for uuid in found if uuid and version_name(str(uuid)) in posted}


def _given_row(
    posted: QueryDict, row: UUID, indicators: Sequence[Indicator], values: Mapping[str, Sequence[str]]
) -> Given:
    """A row with what a person said of its numbers; a page without number boxes says nothing about them."""
    value = answer_values.parse_row(row, values).to_json()
    said = numbers.posted_in(row, indicators, values)
    given = _given(
        posted, str(row), value | ({numbers.ASPECT: said} if said else {}), RowAnswer(row).to_json()
    )
    return given if said is None else replace(given, silent=frozenset())


def _given(posted: QueryDict, key: str, value: dict[str, Any], blank: dict[str, Any]) -> Given:
    choices: dict[str, Side] = {"mine": "mine", "theirs": "theirs"}
    stamp = stamps.read_stamp(posted.get(version_name(key), ""))
    return Given(
        value=value,
        blank=blank,
        version=stamp.version,
        marks=stamp.marks,
        prefer=choices.get(posted.get(f"choose-{key}", "")),
        seen=_number(posted.get(f"seen-{key}")),
    )


def sender_in(posted: QueryDict, *, by_itself: bool = False) -> Sender:
    """The page that posts, where a script is running on it."""
    since = posted.get("since")
    return Sender(
        page=posted.get("page", "")[:PAGE_NAME],
        turn=_number(posted.get("turn")),
        before=posted.get("before", "")[:PAGE_NAME],
        by_itself=by_itself,
        since=_number(since) if since is not None else None,
    )


def is_input_of(name: str, keys: Collection[str]) -> bool:
    """Whether an input belongs to one of these fields, rows or files; buttons belong to all."""
    if name.startswith("answer-"):
        return False
    if name in {"then", "row", "covers", "move", "page", "turn", "before"}:
        return True
    return any(
        name in {key, version_name(key), f"seen-{key}", f"choose-{key}"}
        or name.startswith((f"{key}-", f"row-{key}-"))
        for key in keys
    )


def _number(text: str | None) -> int:
    """A count from a hidden input; anything else is 0, "nothing was there"."""
    return addresses.number(text) or 0


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


def file_key(uuid: UUID) -> str:
    """The name under which a page posts what is said about a file, as it does for a field."""
    return f"file-{uuid}"


def described_in(posted: QueryDict) -> dict[UUID, Described]:
    """The captions and rights that were posted, with the captions the page was loaded with.

    Where two captions stood side by side and one was chosen, it is the answer to the one that was seen.
    """
    said: dict[UUID, Described] = {}
    for name in posted:
        uuid = _uuid(name.removeprefix("v-file-")) if name.startswith("v-file-") else None
        if uuid is None or f"{file_key(uuid)}-caption" not in posted:
            continue
        key = file_key(uuid)
        rights, chosen, seen = (posted.get(one) for one in (f"{key}-rights", f"choose-{key}", f"seen-{key}"))
        mine = posted.get(f"{key}-caption", "")
        said[uuid] = Described(
            caption=(seen or "") if chosen == "theirs" else mine,
            was=(seen or "") if chosen else posted.get(name, ""),
            rights=Rights(rights) if rights in set(Rights) else None,
        )
    return said


def move_in(posted: QueryDict) -> tuple[UUID, bool] | None:
    """Which file the pressed button moves, and whether up."""
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
assert {way.value for way in _WAYS} == set(ApprovalWay.values) - {ApprovalWay.MAIL}, (
    "every way of approving can be chosen"
)


class MoreTimeForm(forms.Form):
    """Until when more time is asked for, and why."""

    until = forms.DateField(
        label=_("Until when"),
        widget=forms.DateInput(format="%Y-%m-%d"),
        validators=[sane_day],
        error_messages={
            "required": _("Please choose the day until which you need."),
            "invalid": _("Please enter a day, such as 2026-10-14."),
        },
    )
    reason = forms.CharField(
        label=_("Why more time is needed"),
        max_length=4000,
        help_text=_("The officer reads this, and it stays beside the date."),
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Please write why.")},
    )


class ApprovalForm(forms.Form):
    """Who approved inside the organization, how and when (団体内承認)."""

    approved_by = OneLine(
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
        validators=[sane_day],
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
