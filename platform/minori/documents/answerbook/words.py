"""What was noticed while reading a workbook, in sentences for the officer."""

from django.utils.translation import gettext as _

from minori.documents.answerbook.noticing import Tell, Told


def sentence(told: Told) -> str:
    """One thing that was noticed, in the language of the page."""
    texts = {
        Tell.NOT_A_CHOICE: _("“%(found)s” is not one of the choices. Please choose what is meant."),
        Tell.CHOICE_PROPOSED: _(
            "“%(found)s” is not one of the choices. Probably “%(meant)s” is meant: please confirm."
        ),
        Tell.NOTHING_PROPOSED: _(
            "The text only says “%(found)s”. Probably “nothing to report in this round” is meant: take it so, or leave the"
            " text as it is."
        ),
        Tell.FORMULA: _("The cell holds a formula. What Excel last showed, “%(found)s”, is taken."),
        Tell.FORMULA_FAILED: _("The cell holds a formula that shows no value. Please write what is meant."),
        Tell.FORMAT: _("A number or date in an unusual format was read as “%(found)s”. Please compare."),
        Tell.CUT_OFF: _("The cell is full (32,767 characters): Excel may have cut the text off. Please ask."),
        Tell.MERGED: _("The cell was merged with another one: what stands there counts for the first."),
        Tell.ROW_MISSING: _("The line of “%(found)s” is not there any more. It stays as it was sent out."),
        Tell.QUESTION_MISSING: _(
            "The line of “%(found)s” is not there any more. It stays as it was sent out."
        ),
        Tell.SHEET_MISSING: _("The sheet “%(found)s” is not there any more. It stays as it was sent out."),
        Tell.ROW_TWICE: _(
            "The line of “%(found)s” stands there twice; the first one was read. Please look which one counts."
        ),
        Tell.ROW_UNKNOWN: _(
            "This line is of a row that the plan does not have (any more): “%(found)s” is not taken."
        ),
        Tell.SORTED: _(
            "The lines were sorted. Each answer was read for the row whose words stand beside it."
        ),
        Tell.PLAN_CHANGED: _(
            "The words of the plan were changed here (“%(found)s”). The plan stays as it is registered; a change goes by"
            " a change of the plan."
        ),
        Tell.NOT_ASKED: _(
            "“%(found)s” stands in a line that was added; it belongs to no question and is not taken."
        ),
        Tell.CLOSED: _(
            "This part was not sent back, so it stays as it was handed in; what was changed here is not taken."
        ),
        Tell.COVERS_UNKNOWN: _(
            "“%(found)s” is no row of the plan. Please say which rows the progress is for too."
        ),
    }
    found = told.found if len(told.found) <= 60 else f"{told.found[:60]}…"  # noqa: PLR2004 - enough to find the place
    return texts[told.tell] % {"found": " ".join(found.split()), "meant": told.meant}
