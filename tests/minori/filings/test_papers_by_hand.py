"""What a room hands in is a paper, whole, and counts: tried with raw SQL in its role."""

import json
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.utils import timezone

from minori.filings import handing_in, reviewing
from minori.filings.models import FiledAttachment, Filing
from minori.filings.reviewing import Remark
from minori.programmes.models import Deadline
from minori.report_forms.contents import _READERS, Contents, hash_of, part_hashes_of
from minori.tenancy.rooms import entering
from tests.factories import filings, people, programmes, registry
from tests.minori.filings import by_hand
from tests.minori.filings.test_steps import OFFICER

pytestmark = pytest.mark.django_db
ROW = str(registry.identity("0101"))


@pytest.fixture
def recalled(hikari: Any, kibou: Any) -> Deadline:
    """ひかり's report, handed in once and recalled; きぼう's stands beside it."""
    deadline = programmes.deadline(organization=hikari)
    filings.handed_in(deadline, attachments=[filings.photo()])
    handing_in.recall(deadline, by=filings.EDITOR, at=filings.AT)
    neighbour = programmes.grant(organization=kibou, of=deadline.grant.programme)
    filings.handed_in(programmes.deadline(of=neighbour, round=deadline.round))
    people.speaking(hikari)
    deadline.refresh_from_db()
    return deadline


def come(deadline: Deadline, **changes: Any) -> str:
    """What the database says to a filing of the room that is honest but for `changes`."""
    by = people.speaking(deadline.organization)
    with entering(deadline.organization):
        return by_hand.come(by_hand.next_filing(deadline, by=by, **changes))


def test_an_honest_paper_is_taken(recalled):
    assert come(recalled) == ""


def without(*keys: str) -> Any:
    return lambda paper: {key: value for key, value in paper.items() if key not in keys}


def with_(**parts: Any) -> Any:
    return lambda paper: paper | parts


@pytest.mark.parametrize(
    "paper",
    [
        lambda _paper: ["no object"],
        lambda _paper: {"format": 2},
        without("head"),
        without("rows"),
        with_(more=1),
        with_(format="2"),
        with_(format=max(_READERS) + 1),
        with_(rows=[1]),
        with_(rows=[{"row": ROW, "text": "一"}, {"row": ROW, "text": "二"}]),
        with_(answers={"narrative": []}),
        with_(answers={"narrative": {"activities": "x"}}),
        with_(framework={}),
        with_(attachments=[{"sha256": "x"}]),
    ],
)
def test_what_is_no_paper_is_not_taken(recalled, paper):
    assert "this is no paper" in come(recalled, paper=paper)


def test_an_empty_paper_is_not_taken(recalled):
    assert "this is no paper" in come(recalled, contents={})
    assert "this is no paper" in come(recalled, format=1)


def test_the_database_knows_every_format_that_was_ever_written(recalled):
    """A new format needs a migration that names it in `filings_misshapen`."""
    paper = Filing.objects.get(deadline=recalled).contents
    with connection.cursor() as cursor:
        for number in _READERS:
            cursor.execute("SELECT public.filings_misshapen(%s)", [json.dumps(paper | {"format": number})])
            assert cursor.fetchone() == ("",)


def test_hashes_are_those_of_the_parts(recalled):
    hashes = Filing.objects.get(deadline=recalled).part_hashes
    for wrong in (
        {"hash": "0" * 64},
        {"part_hashes": {}, "hash": hash_of({})},
        {"part_hashes": hashes, "hash": hash_of(hashes)},  # of the recalled one: its head was another
    ):
        assert "hashes of a paper" in come(recalled, **wrong)


@pytest.mark.parametrize(
    "text",
    ['"引用" と \\ と /', "行\n\t改行\r", "\x01\x1f\x7f", "𠮷野家🌾", "é e\u0301 \u2028", "<&>'", ""],
)
def test_the_database_writes_json_down_as_python_does(recalled, text):
    paper = Filing.objects.get(deadline=recalled).contents
    paper["rows"] = [{"row": ROW, "text": text, "b": 1, "ab": [True, None, {}, [], -3], text: text}]
    with connection.cursor() as cursor:
        cursor.execute("SELECT public.filings_part_hashes(%s)", [json.dumps(paper)])
        assert json.loads(cursor.fetchone()[0]) == part_hashes_of(paper)


def test_the_head_says_what_the_row_says(recalled):
    for wrong in (
        {"handed_in_by": {"id": "", "name": "別の人"}},
        {"revision": 1},
        {"handed_in_on": "2026-01-01"},
        {"approval": None},
    ):
        change = lambda paper, wrong=wrong: paper["head"].update(wrong)  # noqa: E731
        assert "the head of a paper" in come(recalled, paper=change)


def test_a_room_hands_in_by_its_own_people(recalled, hikari, kibou):
    theirs = people.speaking(kibou, "森田 一郎")
    officer = people.officer(recalled.grant.programme.distributor)
    somebody = people.speaking(hikari)
    for by in (
        theirs,
        replace(somebody, person_id=officer.pk, name=officer.name),
        replace(somebody, name=officer.name),
        replace(somebody, person_id=None),
    ):
        with entering(hikari):
            said = by_hand.come(by_hand.next_filing(recalled, by=by))
        assert "its own people" in said


def test_a_report_is_on_the_form_of_its_round_and_about_the_plan_in_force(recalled):
    assert "asks the form 2020.v1" in come(recalled, paper=with_(edition="2024"))
    old = Filing.objects.get(deadline=recalled).framework_version_id
    newer = registry.registered(recalled.grant)
    assert "the plan that is in force" in come(recalled, framework_version_id=old)
    assert come(recalled, framework_version=newer, paper=with_(framework_number=2)) == ""


def easier(paper: Any) -> None:
    paper["framework"]["rows"][1]["indicators"][0]["target"] = "年間10回"


def stranger(paper: Any) -> None:
    paper["rows"].append(paper["rows"][0] | {"row": str(uuid4())})


@pytest.mark.parametrize(
    "paper", [easier, stranger, with_(framework_number=2), with_(framework={"rows": []})]
)
def test_the_plan_in_a_paper_is_the_registered_one(recalled, paper):
    assert "the plan as it was registered" in come(recalled, paper=paper)


def test_a_filing_that_does_not_come_to_count_is_taken_back_at_the_end(recalled, hikari):
    by = people.speaking(hikari)
    with entering(hikari), transaction.atomic():
        by_hand.next_filing(recalled, by=by).save(force_insert=True)
        said = by_hand.refusal(("SELECT 1", ()))
        transaction.set_rollback(True)
    assert "its report did not go on to it" in said


FIGURE = (
    "INSERT INTO public.filings_figure (filing_id, organization_id, position, kind, row_uuid, indicator_uuid, parent_uuid,"
    " level, support, code, progress, covered_by_uuid, remark, text, shared, nothing)"
    " SELECT %s, organization_id, position + %s, kind, row_uuid, indicator_uuid, parent_uuid, level, support, code,"
    " progress, covered_by_uuid, remark, text, shared, nothing FROM public.filings_figure WHERE filing_id = %s"
)
FILE = (
    "INSERT INTO public.filings_filedattachment (filing_id, organization_id, uuid, position, sha256, filename, caption,"
    " content_type, size, rights) VALUES (%s, %s, gen_random_uuid(), 9, %s, 'x.jpg', '', 'image/jpeg', 1, '')"
)


def test_nothing_is_added_to_a_filing_afterwards(recalled, hikari):
    first = Filing.objects.get(deadline=recalled)
    second = filings.handed_in(recalled)
    reviewing.accept(recalled, filing=second, by=OFFICER, at=filings.AT)
    for where in (lambda: entering(hikari), transaction.atomic):
        with where():
            for filing in (first, second):
                assert "not afterwards" in by_hand.refusal((FIGURE, (filing.pk, 50, second.pk)))
                assert "not afterwards" in by_hand.refusal((FILE, (filing.pk, hikari.pk, "0" * 64)))


MOVE = (
    "UPDATE public.programmes_deadline SET state = 'handed_in', current_filing_id = %s, first_handed_in_at = %s,"
    " days_late = %s{} WHERE id = %s"
)


def moved(deadline: Deadline, *, lines: Any = (), files: bool = True, more: str = "") -> str:
    """The room's whole way by hand: the filing, its lines and files with `lines` done to them, the step."""
    by, organization = people.speaking(deadline.organization), deadline.organization
    with entering(organization), transaction.atomic():
        filing = by_hand.next_filing(deadline, by=by)
        filing.save(force_insert=True)
        figures = handing_in.figure_rows(filing, Contents.from_json(filing.contents))
        for change in lines:
            change(figures)
        type(figures[0]).objects.bulk_create(figures)
        if files:
            facts = dict(FiledAttachment.objects.filter(filing__revision=1).values()[0])
            FiledAttachment.objects.create(**facts | {"id": None, "filing_id": filing.pk})
        query = MOVE.format(more)
        said = by_hand.refusal((query, (filing.pk, filing.handed_in_at, filing.days_late, deadline.pk)))
        transaction.set_rollback(True)
    return said


def test_the_lines_of_a_filing_are_what_its_paper_says(recalled):
    at_rows = ("progress", "remark", "code", "level", "text", "row_uuid")
    for name in at_rows:
        value = {"progress": 1, "row_uuid": uuid4(), "level": "activity"}.get(name, "うそ")

        def lie(figures: Any, name: str = name, value: Any = value) -> None:
            row = next(one for one in figures if one.kind == "row" and one.progress == 2)
            setattr(row, name, value)

        assert "figures of a filing are what its paper says" in moved(recalled, lines=[lie]), name
    for change in (
        lambda figures: figures.pop(),
        lambda figures: setattr(figures[-1], "text", "どこにもない文"),
        lambda figures: setattr(figures[0], "position", 77),
        lambda figures: setattr(figures[0], "covered_by_uuid", figures[-1].row_uuid),
    ):
        assert "figures of a filing are what its paper says" in moved(recalled, lines=[change])
    assert "attachments of a filing are those of its paper" in moved(recalled, files=False)


def test_what_has_just_come_was_not_read_yet(recalled):
    assert "has not been read yet" in moved(recalled, more=", reading_began_at = now()")


def test_recalling_leaves_no_lateness_behind(recalled, hikari):
    filings.handed_in(recalled)
    back = (
        "UPDATE public.programmes_deadline SET state = 'awaiting', current_filing_id = NULL{} WHERE id = %s"
    )
    forged = (
        "",
        ", days_late = 0",
        ", first_handed_in_at = now(), days_late = 0",
        ", first_handed_in_at = NULL, days_late = NULL, reading_began_at = now()",
    )
    with entering(hikari):
        for more in forged:
            assert "is not late yet" in by_hand.refusal((back.format(more), (recalled.pk,)))


@pytest.fixture
def returned(hikari: Any) -> Deadline:
    """A report of which only the activities came back."""
    people.speaking(hikari)
    deadline = programmes.deadline(organization=hikari)
    filing = filings.handed_in(deadline, attachments=[filings.photo()])
    asked = [Remark("直してください"), Remark("？", anchor="activities")]
    reviewing.send_back(
        deadline, filing=filing, remarks=asked, due_on=deadline.due_on, by=OFFICER, at=filings.AT
    )
    deadline.refresh_from_db()
    return deadline


def goes_on(deadline: Deadline, paper: Any) -> str:
    """What the database says to a returned report that comes again with such a paper."""
    by = people.speaking(deadline.organization)
    with entering(deadline.organization), transaction.atomic():
        filing = by_hand.next_filing(deadline, by=by, paper=paper, at=timezone.now())
        filing.save(force_insert=True)
        contents = Contents.from_json(filing.contents)
        figures = handing_in.figure_rows(filing, contents)
        type(figures[0]).objects.bulk_create(figures) if figures else None
        for position, one in enumerate(contents.attachments, start=1):
            facts = dict(FiledAttachment.objects.filter(filing__revision=1).values()[0])
            facts |= {"id": None, "filing_id": filing.pk, "position": position}
            FiledAttachment.objects.create(**facts | {"uuid": one.uuid, "row_uuid": one.row})
        query = (
            "UPDATE public.programmes_deadline SET state = 'handed_in', current_filing_id = %s WHERE id = %s"
        )
        told = by_hand.telling(filing, before="returned")
        said = by_hand.refusal((query, (filing.pk, deadline.pk)), told)
        transaction.set_rollback(True)
    return said


def rewritten(paper: Any) -> None:
    next(section for section in paper["answers"].values() if "activities" in section)["activities"][
        "text"
    ] = "直した"


def left_out(paper: Any) -> None:
    next(section for section in paper["answers"].values() if "outlook" in section).pop("outlook")


def no_rows(paper: Any) -> None:
    paper["rows"] = []


def one_row_less(paper: Any) -> None:
    paper["rows"] = [one for one in paper["rows"] if one["row"] != ROW]


def no_files(paper: Any) -> None:
    paper["attachments"] = []


def another_answer(paper: Any) -> None:
    paper["answers"]["more"] = {"more": {"kind": "text", "text": "書き足し"}}


def a_file_at_no_row(paper: Any) -> None:
    paper["attachments"].append(paper["attachments"][0] | {"uuid": str(uuid4()), "row": str(uuid4())})


def test_a_returned_report_comes_again_with_what_was_opened_changed(returned):
    assert goes_on(returned, rewritten) == ""


@pytest.mark.parametrize(
    "paper", [left_out, no_rows, one_row_less, no_files, another_answer, a_file_at_no_row]
)
def test_a_closed_part_is_neither_left_out_nor_added(returned, paper):
    assert "stays as it was" in goes_on(returned, paper)


def test_a_row_that_the_plan_lost_or_got_since_the_return_is_no_closed_part(returned, hikari):
    rows = [dict(row) for row in registry.ROWS if row.get("code") != "0101"]
    rows = [{key: value for key, value in row.items() if key != "parent"} for row in rows]
    registry.registered(
        returned.grant, registry.framework([*rows, {"code": "0102", "statement": "（0102）相談"}])
    )
    filings.handed_in(returned, rows={"0102": {"text": "12件", "progress": 2}}, attachments=[filings.photo()])
    assert returned.state == "handed_in"


def test_a_room_neither_says_nor_takes_back_that_its_report_is_being_read(recalled, hikari):
    """Else it could stop a recall, or recall what an officer is reading."""
    say = "UPDATE public.programmes_deadline SET reading_began_at = {} WHERE id = %s"
    filing = filings.handed_in(recalled)
    for at in ("now()", "now() - interval '3 days'"):
        with entering(hikari):
            assert "only by handing in or recalling" in by_hand.refusal((say.format(at), (recalled.pk,)))
    reviewing.begin_reading(recalled, by=OFFICER, at=timezone.now())
    with entering(hikari):
        for at in ("NULL", "now() - interval '3 days'"):
            assert "only by handing in or recalling" in by_hand.refusal((say.format(at), (recalled.pk,)))
        back = (
            "UPDATE public.programmes_deadline SET state = 'awaiting', current_filing_id = NULL,"
            " first_handed_in_at = NULL, days_late = NULL, reading_began_at = NULL WHERE id = %s"
        )
        assert "being read cannot be recalled" in by_hand.refusal((back, (recalled.pk,)))
    recalled.refresh_from_db()
    assert recalled.current_filing == filing
