"""Labels that a distributor completes for its forms."""

from datetime import UTC, datetime
from typing import Any

import pytest

from minori.audit.enums import Action
from minori.audit.models import Event
from minori.audit.trail import Actor
from minori.programmes import labels
from minori.programmes.models import Distributor
from minori.report_forms import editions
from minori.report_forms.texts import Text
from minori.tenancy.rooms import entering
from tests.factories import programmes

pytestmark = pytest.mark.django_db

AT = datetime(2026, 10, 8, 3, 0, tzinfo=UTC)
BY = Actor(person_id=None, name="佐伯 真理")
ONE, TWO = ("outlook", "1"), ("outlook", "2")


def complete(distributor: Distributor, key: str = "2020", **said: Text) -> Distributor:
    wanted = {("outlook", name.removeprefix("at")): text for name, text in said.items()}
    edition = editions.load(key, 1)
    return labels.complete(distributor, edition=edition, labels=wanted, by=BY, at=AT)


def words(distributor: Distributor, key: str = "2020") -> list[str]:
    edition = labels.edition_of(Distributor.objects.get(pk=distributor.pk), key, 1)
    return [choice.label.ja for choice in edition.field("outlook").choices]


def test_labels_are_completed_for_one_distributor_and_no_other() -> None:
    ours, others = programmes.distributor(), programmes.distributor()
    complete(ours, at1=Text("達成できる", "On the way"))
    assert words(ours) == ["達成できる", "", "課題がある"]
    assert words(others) == ["", "", "課題がある"]


def test_all_variants_of_an_edition_share_them_and_other_editions_do_not() -> None:
    ours = programmes.distributor()
    complete(ours, "web.states", at1=Text("達成できる"))
    assert words(ours, "web.activities")[0] == "達成できる"
    assert words(ours, "2020")[0] == ""


def test_a_correction_and_a_label_taken_back_stand_in_the_trail() -> None:
    ours = programmes.distributor()
    complete(ours, at1=Text("たっせい"))
    complete(ours, at1=Text("達成"), at2=Text(""))
    complete(ours, at1=Text("達成"))
    complete(ours, at1=Text())
    assert words(ours)[0] == ""
    history = labels.history_of(ours, editions.load("2020", 1))
    changes = [
        (one.details["labels"][0]["before"]["ja"], one.details["labels"][0]["after"]["ja"]) for one in history
    ]
    assert changes == [("達成", ""), ("たっせい", "達成"), ("", "たっせい")]
    assert Event.objects.filter(action=Action.LABELS_COMPLETED, distributor_id=ours.pk).count() == 3


@pytest.mark.parametrize(
    "said",
    [
        {"at3": Text("問題なし")},
        {"at1": Text("", "On the way")},
        {"at1": Text("あ" * 201)},
        {"at1": Text("課題がある")},
        {"at1": Text("同じ"), "at2": Text("同じ")},
        {"at9": Text("？")},
    ],
)
def test_a_label_that_cannot_be_is_refused_and_nothing_written(said: dict[str, Text]) -> None:
    ours = programmes.distributor()
    with pytest.raises(labels.LabelRefused):
        complete(ours, **said)
    assert words(ours) == ["", "", "課題がある"]
    assert not Event.objects.filter(action=Action.LABELS_COMPLETED).exists()


def test_a_room_reads_the_labels_of_its_funder_without_a_query_more(
    hikari: Any, django_assert_num_queries: Any
) -> None:
    deadline = programmes.deadline(organization=hikari)
    distributor = deadline.grant.programme.distributor
    complete(distributor, at1=Text("達成できる"))
    with entering(hikari):
        seen = Distributor.objects.get(pk=distributor.pk)
        with django_assert_num_queries(0):
            edition = labels.edition_of(seen, "2020", 1)
    assert edition.field("outlook").choice("1").label.ja == "達成できる"
