"""Small corrections of a paper: only texts, only where some stand, and nothing else moves."""

from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from minori.programmes.models import Deadline, Grant, Programme, Round
from minori.report_forms import editions
from minori.report_forms.answers import Written, YesNo
from minori.report_forms.contents import Contents
from minori.report_forms.corrections import Aspect, Spot, corrected, standing, texts_of
from tests.factories import filings, registry

EDITION = editions.load("2020", 1)
ROW = Spot(str(registry.identity("0101")))


def paper(**answers: Any) -> Contents:
    from datetime import date

    from minori.organizations.models import Organization
    from minori.programmes.models import Distributor

    house, organization = Distributor(name="みのり地域財団"), Organization(name="ひかり")
    grant = Grant(programme=Programme(distributor=house), organization=organization, title="居場所")
    deadline = Deadline(grant=grant, round=Round(title="上期"), due_on=date(2026, 10, 14))
    return filings.contents(deadline, answers=answers)


def test_texts_of_rows_and_fields_can_be_corrected_where_they_say_something():
    found = standing(paper(), EDITION)
    assert found[ROW].text.startswith("① 75回")
    assert Spot(ROW.anchor, Aspect.REMARK) not in found  # nothing was remarked
    assert found[Spot("events")].text == "夏のつどい（8月）"
    assert Spot("media") not in found  # said no, without words
    assert Spot("changes") not in found


def test_they_stand_in_the_order_of_the_form_with_their_limits():
    every = texts_of(paper(), EDITION)
    keys = [one.spot.anchor for one in every]
    assert keys.index(ROW.anchor) < keys.index("activities") < keys.index("events")
    assert (
        next(one for one in every if one.spot == Spot("activities")).max_length
        == EDITION.field("activities").max_length
    )


def test_a_corrected_paper_differs_only_there():
    before = paper()
    after = corrected(before, {Spot("activities"): "1. 居場所\n週4回の開所。", ROW: "① 76回ひらいた。"})
    assert after.answers["activities"] == Written("1. 居場所\n週4回の開所。")
    assert after.row_answer(registry.identity("0101")).text == "① 76回ひらいた。"  # type: ignore[union-attr]
    back = corrected(
        after,
        {Spot("activities"): before.answers["activities"].text, ROW: standing(before, EDITION)[ROW].text},
    )
    assert back == before


def test_a_yes_stays_a_yes():
    after = corrected(paper(), {Spot("events"): "夏のつどい（9月）"})
    assert after.answers["events"] == YesNo(said=True, text="夏のつどい（9月）")


def test_places_that_the_paper_does_not_have_are_passed_over():
    before = paper()
    assert corrected(before, {Spot("nowhere"): "？", Spot("activities", Aspect.REMARK): "？"}) == before


@given(
    st.dictionaries(
        st.sampled_from(sorted(standing(paper(), EDITION), key=str)), st.text(min_size=1), max_size=4
    )
)
def test_what_is_corrected_reads_as_it_was_proposed_and_the_rest_as_before(texts):
    before = paper()
    after = corrected(before, texts)
    now = {one.spot: one.text for one in texts_of(after, EDITION)}
    assert now == {one.spot: one.text for one in texts_of(before, EDITION)} | texts
    assert replace(after, rows=before.rows, answers=before.answers) == before
