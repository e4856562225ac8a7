"""A report of the size of the largest plans: forty rows with three indicators each and long texts, read from every side."""

from collections import Counter
from datetime import timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from minori.accounts.enums import Role
from minori.filings import reviewing
from minori.report_forms.answers import RowAnswer, Written
from minori.report_forms.framework import Framework, Indicator, Row
from tests.factories import filings, people, programmes, registry
from tests.minori.documents.reading_pdf import body, printed, squeeze
from tests.minori.documents.test_paper import contents
from tests.minori.documents.test_pdf import TABLE_HEAD
from tests.reporting.review.desk import signed_in

ROWS, INDICATORS = 40, 3
LONG = (
    "毎週水曜と土曜の午後にひらき、{}人がはじめて訪れた。雨の続いた六月は少なかったが、学校に案内を置いてもらってから"
    "親子づれが増えている。民生委員・児童委員の方々との月一回の打合せでは「夜に電話できる先があるだけで違う」との声を"
    "いただいた（アンケート回答者{}人のうち約八割）。\n一方、会場の改修で七月の三回は中止した。"
)


def words(place: int) -> str:
    """A long text that is no other row's."""
    return "\n".join(f"{mark} {LONG.format(place * 7 + 3, place + 40)}" for mark in "①②③")


def plan(count: int = ROWS) -> Framework:
    """Rows with statements over several lines and indicators that say much, invented."""
    return Framework(tuple(_row(place) for place in range(1, count + 1)))


def _row(place: int) -> Row:
    code = f"{place // 10 + 1:02}{place % 10 + 1:02}"
    return Row(
        uuid=uuid5(NAMESPACE_URL, f"large {place}"),
        code=code,
        statement=f"（{code}）{place}番目の地区で、だれもが立ち寄れる居場所がひらかれ、\n地域の人の手で続いている状態になる",
        indicators=tuple(
            Indicator(
                uuid=uuid5(NAMESPACE_URL, f"large {place} {mark}"),
                mark=mark,
                statement=f"{mark}地区{place}の居場所を{what}",
                baseline="0回",
                target=f"{mark}年間{place * 12}回以上、のべ{place * 100}人\n（{what}。ただし八月を除く）",
                achieve_by="2028年3月末",
                means="日誌とアンケート",
            )
            for mark, what in zip("①②③", ("ひらいた回数", "訪れた人の数", "手伝った人の数"), strict=True)
        ),
    )


def answers(framework: Framework, text: str = "") -> list[RowAnswer]:
    return [
        filings.row_answer(row.uuid, text=text or words(place))
        for place, row in enumerate(framework, start=1)
    ]


def test_every_letter_that_was_put_in_stands_on_the_paper_and_no_other() -> None:
    large, small = plan(), plan(1)
    pdf = letters(body(printed(contents(framework=large, rows=answers(large))), head_of_table=TABLE_HEAD))
    one = letters(body(printed(contents(framework=small, rows=answers(small))), head_of_table=TABLE_HEAD))
    # what the larger paper has more than one of a single row are the cells of its other rows
    cells = letters("".join(cell for row in list(large)[1:] for cell in cells_of(row)))
    codes = Counter({"2": ROWS - 1})  # the progress, a numeral in a column of its own
    assert pdf - one == cells + codes
    assert not one - pdf


def letters(text: str) -> Counter[str]:
    return Counter(squeeze(text))


def cells_of(row: Row) -> list[str]:
    """The cells of one row as the form prints them; the same day of several indicators stands once."""
    place = next(place for place in range(1, ROWS + 1) if _row(place).uuid == row.uuid)
    return [
        row.statement,
        *(one.statement for one in row.indicators),
        *(one.target for one in row.indicators),
        row.indicators[0].achieve_by,
        words(place),
    ]


def handed_in_again(organization: Any, count: int) -> Any:
    """A report of so many rows: handed in, sent back and handed in again, with a round before it."""
    grant = programmes.grant(organization=organization)
    framework = plan(count)
    registry.registered(grant, framework)
    before = programmes.deadline(of=grant, round=programmes.round_(of=grant.programme))
    filings.handed_in(before, rows=answers(framework, "前回の文"))
    deadline = programmes.deadline(of=grant, round=programmes.round_(of=grant.programme))
    first = filings.handed_in(deadline, rows=answers(framework))
    reviewing.send_back(
        deadline,
        filing=first,
        remarks=[reviewing.Remark("時期を書いてください")],
        due_on=timezone.localdate() + timedelta(days=9),
        by=registry.OFFICER,
        at=timezone.now(),
    )
    deadline.refresh_from_db()
    filings.handed_in(deadline, rows=answers(framework), answers={"activities": Written(words(99))})
    reviewing.begin_reading(deadline, by=registry.OFFICER, at=timezone.now())
    return deadline


@pytest.mark.django_db
def test_it_is_read_with_few_questions_to_the_database_and_no_more_than_a_small_one(
    client: Client, hikari: Any, settings: Any, tmp_path: Any
) -> None:
    settings.FILES_DIR = tmp_path / "files"
    people.sign_in(client, people.member(hikari, Role.EDITOR))
    small, large = (statements(client, handed_in_again(hikari, count)) for count in (1, ROWS))
    assert small == large
    assert max(large[:4]) <= 10, "the organization's pages, with what was recalled of several revisions"
    assert large[4] <= 28, "the officer's page, with talks and signals"
    assert max(large[5:]) <= 8, "its history, its comparison, its paper"


def statements(client: Client, report: Any) -> list[int]:
    """How many statements each page of a report takes: four of the organization, four of the officer."""
    room, desk = f"/o/hikari/reports/{report.pk}/", f"/desk/review/{report.pk}/"
    officer = signed_in(people.officer(report.grant.programme.distributor))
    ours = ("filings/2/", "filings/2/transcribe/", "filings/2/paper.pdf", "compare/")
    theirs = ("", "history/", "compare/", "2/paper.pdf")
    return [*(asked(client, room + page) for page in ours), *(asked(officer, desk + page) for page in theirs)]


def asked(client: Client, page: str) -> int:
    """How many statements a page takes."""
    client.get("/settings/")  # what the first request of a process asks once
    with CaptureQueriesContext(connection) as found:
        answer = client.get(page)
        assert answer.status_code == 200, page
        if answer.streaming:
            b"".join(answer.streaming_content)  # type: ignore[arg-type]
    return len(found)
