"""A form of sixty questions can be filled in, handed in and read."""

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from minori.filings import handing_in as hatch
from minori.filings import verifying
from minori.filings.models import Filing
from minori.filings.stepping import NotPossibleNow
from minori.report_forms import editions
from minori.report_forms.answers import is_answerable
from minori.report_forms.framework import Framework
from minori.tenancy.rooms import entering
from tenants.reports import drafts
from tests.factories import filings, programmes
from tests.minori.filings import by_hand
from tests.tenants.reports.conftest import open_deadline

pytestmark = pytest.mark.django_db

SECTIONS, FIELDS = 6, 10
KINDS = ("text", "number", "date", "yes_no", "choice")
CHOICES = {
    "yes_no": ("yes", "no"),
    "choice": ("1", "2"),
}
TYPED = {
    "text": "こう進んでいます。",
    "number": "１,２００",
    "date": "2026-09-30",
    "yes_no": "yes",
    "choice": "2",
}


def source() -> str:
    """Six sections with ten questions each, of every kind."""
    lines = ['format = 1\nkey = "sixty"\nversion = 1\ntitle = { ja = "六十問", en = "Sixty" }\n']
    lines.append('[[parts]]\nkey = "all"\ntitle = { ja = "全部", en = "All" }\n')
    for section in range(SECTIONS):
        title = f'{{ ja = "{section + 1}番目", en = "Number {section + 1}" }}'
        lines.append(f'[[parts.sections]]\nkey = "s{section}"\ntitle = {title}\n')
        lines.extend(_field(section, place) for place in range(FIELDS))
    return "\n".join(lines)


def _field(section: int, place: int) -> str:
    kind = KINDS[place % len(KINDS)]
    choices = ", ".join(
        f'{{ value = "{value}", label = {{ ja = "答え{value}", en = "Answer {value}" }} }}'
        for value in CHOICES.get(kind, ())
    )
    key = f"q{section}_{place}"
    return (
        f'[[parts.sections.fields]]\nkey = "{key}"\nkind = "{kind}"\nrequired = true\n'
        f'label = {{ ja = "質問 {key}", en = "Question {key}" }}\n'
        + (f"choices = [{choices}]\n" if choices else "")
    )


@pytest.fixture
def deadline(hikari: Any, tmp_path: Path) -> Any:
    """A report on the form, which the administrator installed."""
    folder = tmp_path / "editions"
    folder.mkdir()
    (folder / "sixty.v1.toml").write_text(source(), encoding="utf-8")
    before = editions._folders[1:]
    editions.use_folder(folder)
    grant = programmes.grant(organization=hikari)

    round_ = programmes.round_(
        of=grant.programme, edition="sixty", opens_on=date(2025, 10, 1), due_on=date(2099, 10, 14)
    )
    yield open_deadline(hikari, of=grant, round=round_)
    editions._folders[1:] = before


def fill(client: Client, deadline: Any) -> None:
    for section in editions.load("sixty", 1).sections:
        posted = {field.key: TYPED[field.kind] for field in section.fields if is_answerable(field)}
        posted |= {f"v-{field.key}": "0" for field in section.fields}
        page = f"/o/hikari/reports/{deadline.pk}/sections/{section.key}/"
        assert client.get(page).content.decode().count('id="field-q') == FIELDS
        assert client.post(page, posted | {"then": "list"}).status_code == 302


@pytest.mark.usefixtures("approver")
def test_sixty_questions_are_filled_in_handed_in_and_read(client: Client, hikari: Any, deadline: Any) -> None:
    assert sum(1 for _field in editions.load("sixty", 1).fields) == SECTIONS * FIELDS
    fill(client, deadline)
    with entering(hikari):
        copy = drafts.read(deadline)
    assert copy.findings.problems == ()
    assert (copy.count.done, copy.count.of) == (SECTIONS, SECTIONS)
    check = f"/o/hikari/reports/{deadline.pk}/check/"
    seen = re.search(r'name="seen" value="(\w+)"', client.get(check).content.decode())
    posted = {
        "approved_by": "施設長",
        "manner": "printed",
        "approved_on": "2026-10-08",
        "seen": seen[1],
    }
    assert client.post(check, posted).status_code == 302
    filing = Filing.objects.get(deadline=deadline)
    assert filing.contents["edition"] == "sixty"
    page = client.get(f"/o/hikari/reports/{deadline.pk}/filings/1/").content.decode()
    assert page.count("こう進んでいます。") == SECTIONS * 2
    assert page.count("1,200") == SECTIONS * 2
    assert page.count("2026年9月30日") == SECTIONS * 2


@pytest.mark.usefixtures("approver")
def test_a_wrong_number_and_a_missing_day_are_named_before_handing_in(client: Client, deadline: Any) -> None:
    page = f"/o/hikari/reports/{deadline.pk}/sections/s0/"
    client.post(page, {"v-q0_1": "0", "q0_1": "たくさん", "then": "stay"})
    told = client.get(f"{page}?check=1").content.decode()
    assert "「たくさん」は、1 つの数として読み取れません" in told
    assert "「質問 q0_2」" in told


def hand_in(client: Client, deadline: Any) -> Any:
    check = f"/o/hikari/reports/{deadline.pk}/check/"
    page = client.get(check).content.decode()
    seen = re.search(r'name="seen" value="(\w+)"', page)
    said = {"approved_by": "施設長", "manner": "printed", "approved_on": "2026-10-08"}
    return client.post(check, said | {"seen": seen[1] if seen else ""})


@pytest.mark.usefixtures("approver")
def test_a_form_that_asks_about_no_plan_is_handed_in_without_one(
    client: Client, deadline: Any, hikari: Any
) -> None:
    other = programmes.grant(organization=hikari, of=deadline.grant.programme)
    without = programmes.deadline(of=other, round=deadline.round)
    assert "事業計画がまだ登録されていない" not in client.get("/o/hikari/").content.decode()
    fill(client, without)
    assert hand_in(client, without).status_code == 302
    filing = Filing.objects.get(deadline=without)
    assert (filing.framework_version, filing.contents["framework_number"]) == (None, 0)
    assert client.get(f"/o/hikari/reports/{without.pk}/filings/1/").status_code == 200
    assert list(verifying.differences()) == []


@pytest.mark.usefixtures("approver")
def test_where_the_form_asks_about_a_plan_the_check_says_so_before_anybody_tries(
    client: Client, deadline: Any, hikari: Any
) -> None:
    other = programmes.grant(organization=hikari, of=deadline.grant.programme)
    round_ = programmes.round_(of=other.programme, opens_on=date(2025, 10, 1), due_on=date(2099, 10, 14))
    without = programmes.deadline(of=other, round=round_)
    page = client.get(f"/o/hikari/reports/{without.pk}/check/").content.decode()
    assert 'id="hand-in"' not in page
    assert hand_in(client, without).status_code != 302
    with pytest.raises(NotPossibleNow):
        hatch.hand_in(
            without,
            contents=filings.contents(without, framework=Framework()),
            version=None,
            approval=filings.APPROVAL,
            by=filings.EDITOR,
            at=filings.AT,
        )
    assert not Filing.objects.filter(deadline=without).exists()


@pytest.mark.usefixtures("approver")
def test_where_a_plan_is_in_force_it_is_pinned_whatever_the_form_asks(client: Client, deadline: Any) -> None:
    fill(client, deadline)
    hand_in(client, deadline)
    filing = Filing.objects.get(deadline=deadline)
    assert filing.framework_version == deadline.grant.framework_versions.get()
    hatch.recall(deadline, by=filings.EDITOR, at=timezone.now())
    deadline.refresh_from_db()
    without = by_hand.next_filing(deadline, framework_version_id=None)
    assert "the plan that is in force" in by_hand.come(without)
