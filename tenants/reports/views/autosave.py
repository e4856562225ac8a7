"""Autosave: some fields of a section, saved while the person goes on typing; what a script posts and reads."""

from collections.abc import Iterator
from functools import partial
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from minori.accounts import kept
from minori.accounts.enums import WRITING_ROLES
from minori.accounts.requests import RoomRequest, actor
from minori.report_forms import answers as answer_values
from minori.report_forms import editions
from minori.report_forms.answers import RowAnswer
from minori.report_forms.completeness import state_of_row
from minori.report_forms.edition import Section
from minori.ui.saving_words import saved_at
from minori.ui.templatetags.ui_tags import clock_or_day, code_word, state_word
from tenants.reports import amounts, controls, drafts, forms, number_words, queries, saving
from tenants.reports.beside import Beside
from tenants.reports.folding import reading_of
from tenants.reports.models import Answer
from tenants.reports.saving import Saved
from tenants.reports.stamps import stamp
from tenants.reports.views import captions
from tenants.reports.views.shared import address
from tenants.writing import NotOpen

Said = dict[str, Any]


@require_POST
def autosave(request: RoomRequest, organization: str, deadline: int, section: str) -> HttpResponse:
    """Save the fields that were posted, by the rule of the section's page; the answer is JSON.

    200: saved, with the fields' new stamps and what others saved meanwhile. 422: the same, and fields in which two
    people wrote differently. 400, 403 and 409: nothing was saved, and `error` says why.
    """
    del organization
    if not request.roles & WRITING_ROLES:
        return _refuse(_("You can read this report, but not write in it."), HTTPStatus.FORBIDDEN)
    form = queries.form_or_404(deadline)
    asked = _section_or_404(form, section)
    if request.POST.get("person") != str(request.person.pk):
        return _refuse(_somebody_else(request), HTTPStatus.FORBIDDEN)
    beside = Beside(form, asked)
    try:
        given = forms.given_at(asked, request.POST, rows_of=beside.rows_of)
        outcome = saving.save_answers(
            deadline,
            given=given,
            by=actor(request.person),
            at=timezone.now(),
            sender=forms.sender_in(request.POST, by_itself=True),
        )
        files = captions.saved_in(request, deadline, at=timezone.now())
    except forms.NotOurPage:
        changed = _("This page does not fit the form any more. Please open it again.")
        return _refuse(changed, HTTPStatus.BAD_REQUEST)
    except NotOpen as refusal:
        return _refuse(str(refusal), HTTPStatus.CONFLICT)
    page = address(request, "section", deadline=deadline, section=section)
    saved = given.keys() - outcome.conflicts.keys()
    everything = saved | files.fields.keys()
    kept.saves_part_of(request, page, is_saved=partial(forms.is_input_of, keys=everything))
    said = {
        **(saved_at(timezone.now()) if everything else {"said": ""}),
        "saves": outcome.saves,
        "fields": {key: _field(asked, outcome, key, beside) for key in saved} | files.fields,
        "fresh": dict(_fresh(request, asked, outcome, saved, beside)),
        "conflicts": (_conflicts(request, deadline, outcome) if outcome.conflicts else {}) | files.conflicts,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if said["conflicts"] else HTTPStatus.OK
    return JsonResponse(said, status=status)


def _refuse(sentence: str, status: HTTPStatus) -> HttpResponse:
    return JsonResponse({"error": sentence}, status=status)


def _somebody_else(request: RoomRequest) -> str:
    """Another tab of this browser was used to sign in as somebody else: nothing is saved in the wrong name."""
    return _(
        "%(name)s is signed in on this browser now. Sign in again as yourself to save what you typed."
    ) % {"name": request.person.name}


def _section_or_404(form: queries.Form, key: str) -> Section:
    try:
        return editions.load(form.edition, form.edition_version).section(key)
    except KeyError:
        raise Http404 from None


def _field(asked: Section, outcome: Saved, key: str, beside: Beside) -> Said:
    """One field that was posted: its stamp, and its inputs where it holds more than was posted."""
    answer = outcome.standing.get(key)
    if answer is None:
        return {
            "stamp": "0",
            "numbers": number_words.told(beside.blank(key)),
        }  # nothing was there, nor written
    said: Said = {"stamp": str(stamp(answer.version, answer.value))}
    if key in outcome.merged:
        said["inputs"] = _inputs(asked, answer, beside)
    if "row" in answer.value:
        said["head"] = _head(answer, outcome)
        said["numbers"] = number_words.told(beside.numbers_of(answer.value))
    elif words := _understood(asked, answer):
        said["understood"] = words
    return said


def _understood(asked: Section, answer: Answer) -> str:
    field = next((one for one in asked.fields if one.key == answer.key), None)
    return amounts.understood(field, str(answer.value.get("text", ""))) if field else ""


def _fresh(
    request: RoomRequest, asked: Section, outcome: Saved, saved: set[str], beside: Beside
) -> Iterator[tuple[str, Said]]:
    """What somebody else, or another window, saved in this section since the page asked last."""
    others = {
        key: answer
        for key, answer in outcome.standing.items()
        if key not in saved and key not in outcome.conflicts
    }
    beside.look_up(UUID(key) for key, answer in others.items() if "row" in answer.value)
    for key, answer in others.items():
        if inputs := _inputs(asked, answer, beside):
            said: Said = {"stamp": str(stamp(answer.version, answer.value)), "inputs": inputs}
            own = answer.saved_by_id == request.person.pk
            words = (
                _("You wrote here in another window at %(at)s.")
                if own
                else _("%(who)s wrote here at %(at)s.")
            )
            said["said"] = words % {"who": answer.saved_by_name, "at": clock_or_day(answer.saved_at)}
            if "row" in answer.value:
                said["head"] = _head(answer, outcome)
                said["numbers"] = number_words.told(beside.numbers_of(answer.value))
            elif words := _understood(asked, answer):
                said["understood"] = words
            yield key, said


def _inputs(asked: Section, answer: Answer, beside: Beside) -> dict[str, list[str]]:
    """The inputs of a field or row of this section as they show the answer; empty for others."""
    if "row" in answer.value:
        inputs = answer_values.row_as_posted(RowAnswer.from_json(answer.value))
        for number in beside.numbers_of(answer.value):
            inputs |= number.inputs
        return inputs
    field = next((one for one in asked.fields if one.key == answer.key), None)
    return answer_values.as_posted(field, answer_values.from_json(answer.value)) if field else {}


def _head(answer: Answer, outcome: Saved) -> dict[str, str]:
    """What the head of a row says: its state, its code and its text in one line."""
    row = RowAnswer.from_json(answer.value)
    covered = any(answer.key in one.value.get("covers", ()) for one in outcome.standing.values())
    state = state_of_row(row, covered=covered).value
    code = str(row.progress.value) if row.progress else "nothing" if row.nothing else "blank"
    return {
        "state": state,
        "word": state_word(state),
        "code": "" if covered and not row.progress else code,
        "code_word": code_word(code),
        "reading": reading_of(row.text),
    }


def _conflicts(request: RoomRequest, deadline: int, outcome: Saved) -> dict[str, str]:
    """Both texts as the section's page shows them, to be put in place."""
    copy = drafts.read(queries.deadline_or_404(deadline))
    return {
        key: render_to_string(
            "reports/conflict.html", {"both": controls.both_of(copy, one), "key": key}, request=request
        )
        for key, one in outcome.conflicts.items()
    }
