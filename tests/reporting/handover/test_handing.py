"""Grants go to a successor: roles, tasks, mails, and what happens when two people do it at once."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from minori.accounts import memberships
from minori.accounts.enums import StaffRole
from minori.accounts.memberships import StillInCharge
from minori.accounts.models import Person, StaffMembership
from minori.audit.enums import Action
from minori.audit.models import Event
from minori.audit.trail import Actor
from minori.mail import contacts, notices
from minori.mail.models import Message
from minori.programmes.models import Grant
from reporting.handover import handing, queries
from reporting.handover.enums import Part
from reporting.handover.handing import NotHandedOver
from reporting.reading.models import ToAsk
from tests.factories import filings, people, programmes
from tests.minori.mail.steps import let_go

pytestmark = pytest.mark.django_db

BY = Actor(person_id=None, name="責任 八子")
LEAD, DEPUTY = Part.LEAD, Part.DEPUTY


def tokyo(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}:00+09:00")


THURSDAY = tokyo("2026-10-08T15:00")


def hand(*whose: Any, at: datetime = THURSDAY) -> Any:
    distributor, person, to, *chosen = whose
    return handing.hand_over(distributor, person=person, successor_id=to.pk, chosen=chosen, by=BY, at=at)


def officers(grant: Grant) -> tuple[str, str]:
    grant = Grant.objects.select_related("lead_officer", "deputy_officer").get(pk=grant.pk)
    return grant.lead_officer.name, grant.deputy_officer.name if grant.deputy_officer else ""


def test_chosen_roles_move_and_the_others_stay(distributor, leaving, successor, led, *, stood_in, theirs):
    done = hand(distributor, leaving, successor, (led.pk, LEAD))
    assert [one.pk for one in done.grants] == [led.pk]
    assert officers(led) == ("後任 花子", "責任 八子")
    assert officers(stood_in) == ("後任 花子", "異動 一郎")
    assert officers(theirs)[0] == "異動 一郎"


def test_whoever_was_the_other_one_of_the_two_leaves_no_deputy(
    distributor, leaving, manager, led, *, stood_in, successor
):
    hand(distributor, leaving, manager, (led.pk, LEAD))
    assert officers(led) == ("責任 八子", "")
    hand(distributor, leaving, successor, (stood_in.pk, DEPUTY))
    assert officers(stood_in) == ("後任 花子", "")


def test_grants_of_another_distributor_are_out_of_reach(distributor, leaving, successor, theirs):
    with pytest.raises(NotHandedOver):
        hand(distributor, leaving, successor, (theirs.pk, LEAD))
    assert officers(theirs)[0] == "異動 一郎"


def test_every_grant_is_recorded_once_with_both_names(
    distributor, leaving, successor, manager, *, led, stood_in
):
    hand(distributor, leaving, manager, (led.pk, LEAD), (stood_in.pk, DEPUTY))
    found = Event.objects.filter(action=Action.GRANTS_HANDED_OVER).order_by("grant_id")
    assert [(one.grant_id, one.details["part"], one.organization_id) for one in found] == [
        (led.pk, "lead", led.organization_id),
        (stood_in.pk, "deputy", stood_in.organization_id),
    ]
    assert found[0].details["from_name"] == "異動 一郎"
    assert found[0].details["to_name"] == "責任 八子"


def test_what_is_to_ask_moves_and_what_was_asked_stays(distributor, leaving, successor, led, theirs):
    here, elsewhere = programmes.deadline(of=led), programmes.deadline(of=theirs)
    for deadline, words, done in (
        (here, "会場は", None),
        (here, "済んだこと", THURSDAY),
        (here, "両方にある", None),
        (elsewhere, "ほかの団体", None),
    ):
        ToAsk.objects.create(person=leaving, deadline=deadline, words=words, at=THURSDAY, done_at=done)
    ToAsk.objects.create(person=successor, deadline=here, words="両方にある", at=THURSDAY)
    moving = queries.moving(queries.held_by(leaving, distributor), person=leaving, at=THURSDAY)
    assert moving.to_ask == 2
    assert hand(distributor, leaving, successor, (led.pk, LEAD)).asks == 1
    lists = {
        (one.person.name, one.words, one.done_at is not None)
        for one in ToAsk.objects.select_related("person")
    }
    assert lists == {
        ("後任 花子", "会場は", False),
        ("異動 一郎", "済んだこと", True),
        ("異動 一郎", "両方にある", True),
        ("後任 花子", "両方にある", False),
        ("異動 一郎", "ほかの団体", False),
    }


def test_the_preview_counts_what_waits_in_a_fixed_number_of_queries(
    distributor, leaving, led, django_assert_num_queries
):
    deadline = programmes.deadline(of=led)
    filings.handed_in(deadline)
    held = queries.held_by(leaving, distributor)
    with django_assert_num_queries(9):
        moving = queries.moving(held, person=leaving, at=timezone.now())
    assert len(moving.waiting.reading) == 1
    assert moving.readers == 1


def test_both_officers_are_told_with_the_list_of_grants(distributor, leaving, successor, led):
    hand(distributor, leaving, successor, (led.pk, LEAD))
    told = {one.person_id: one for one in Message.objects.filter(key__startswith="handover:")}
    assert told.keys() == {leaving.pk, successor.pk}
    assert told[successor.pk].subject == "【引継ぎ】10月8日 異動 一郎さんから1件"
    assert f"主担当: {led.organization.name} / {led.title}" in told[successor.pk].text
    assert told[leaving.pk].subject == "【引継ぎ完了】10月8日 後任 花子さんへ1件"


def test_the_organization_hears_its_new_contact_once_in_the_hours_of_mail(
    distributor, leaving, successor, led
):
    hand(distributor, leaving, successor, (led.pk, LEAD), at=tokyo("2026-10-09T18:00"))
    assert contacts.plan(at=tokyo("2026-10-09T18:02")).mails == 0  # it settles first
    assert contacts.plan(at=tokyo("2026-10-10T10:00")).mails == 0  # Saturday
    assert contacts.plan(at=tokyo("2026-10-12T10:00")).mails == 0  # Health and Sports Day
    assert contacts.plan(at=tokyo("2026-10-13T08:55")).mails == 0
    assert contacts.plan(at=tokyo("2026-10-13T09:05")).mails == 1
    assert contacts.plan(at=tokyo("2026-10-13T09:10")).mails == 0
    mail = Message.objects.get(key__startswith="contact:")
    assert mail.address == "tanaka@hikari.example"
    assert mail.subject == "【担当者の変更】10月9日から後任 花子が担当します"
    assert successor.email in mail.text


def test_it_waits_where_the_person_has_a_mail_today_and_names_whoever_leads_by_then(
    distributor, leaving, successor, manager, led
):
    hand(distributor, leaving, successor, (led.pk, LEAD), at=tokyo("2026-10-08T10:00"))
    person = Person.objects.get(email="tanaka@hikari.example")
    Message.objects.create(
        key=f"reminder:{person.pk}:2026-10-08",
        kind="deadline",
        person=person,
        address=person.email,
        language="ja",
        subject="x",
        text="x",
        message_id="<x@x>",
        next_try_at=THURSDAY,
        created_at=THURSDAY,
    )
    assert contacts.plan(at=tokyo("2026-10-08T15:00")).as_json() == {"mails": 0, "tomorrow": 1}
    hand(distributor, successor, manager, (led.pk, LEAD), at=tokyo("2026-10-08T16:00"))
    let_go(THURSDAY)
    assert contacts.plan(at=tokyo("2026-10-09T09:05")).mails == 1
    assert "責任 八子" in Message.objects.get(key__startswith="contact:").subject


def test_deputies_are_no_news_to_organizations(distributor, leaving, manager, stood_in):
    hand(distributor, leaving, manager, (stood_in.pk, DEPUTY))
    assert contacts.plan(at=tokyo("2026-10-09T09:05")).mails == 0


def test_the_successor_has_no_mails_about_what_happened_before(distributor, leaving, successor, led):
    now = timezone.now()
    deadline = programmes.deadline(of=led)
    filings.handed_in(deadline, at=now - timedelta(hours=2))
    hand(distributor, leaving, successor, (led.pk, LEAD), at=now - timedelta(hours=1))
    notices.plan(at=now)
    to = set(Message.objects.filter(key__contains=":officer:").values_list("person__name", flat=True))
    assert "後任 花子" not in to
    assert "責任 八子" in to


# ---- whoever leaves, and two at once


def test_the_last_role_does_not_end_while_grants_are_theirs(distributor, leaving, successor, led, stood_in):
    role = StaffMembership.objects.get(person=leaving)
    with pytest.raises(StillInCharge) as refused:
        memberships.end(role, by=BY, at=THURSDAY)
    assert refused.value.grants == 2
    with pytest.raises(StillInCharge):
        memberships.change(role, role=StaffRole.READER, by=BY, at=THURSDAY)
    hand(distributor, leaving, successor, (led.pk, LEAD), (stood_in.pk, DEPUTY))
    memberships.end(role, by=BY, at=THURSDAY)
    assert not StaffMembership.objects.active().filter(person=leaving).exists()


def test_a_second_deciding_role_lets_the_first_one_end(distributor, leaving, led):
    people.officer(distributor, StaffRole.MANAGER, of=leaving)
    people.officer(distributor, StaffRole.MANAGER)
    memberships.end(StaffMembership.objects.get(person=leaving, role="officer"), by=BY, at=THURSDAY)
    with pytest.raises(StillInCharge):
        memberships.end(StaffMembership.objects.get(person=leaving, role="manager"), by=BY, at=THURSDAY)


@pytest.mark.parametrize("role", [StaffRole.READER, None])
def test_only_officers_and_managers_of_today_take_over(distributor, leaving, led, role):
    other = people.officer(distributor, role or StaffRole.OFFICER, name="読者")
    if role is None:
        StaffMembership.objects.filter(person=other).update(ended_at=THURSDAY)
    with pytest.raises(NotHandedOver, match="もうこちらの担当者ではありません"):
        hand(distributor, leaving, other, (led.pk, LEAD))
    assert officers(led)[0] == "異動 一郎"
    assert not Message.objects.exists()


def test_a_closed_sign_in_takes_nothing_over(distributor, leaving, successor, led):
    successor.user.is_active = False
    successor.user.save()
    with pytest.raises(NotHandedOver):
        hand(distributor, leaving, successor, (led.pk, LEAD))


def test_the_second_of_two_handovers_leaves_what_the_first_moved(
    distributor, leaving, successor, manager, *, led, stood_in
):
    both = ((led.pk, LEAD), (stood_in.pk, DEPUTY))
    hand(distributor, leaving, successor, both[0])
    done = hand(distributor, leaving, manager, *both)
    assert ([one.pk for one in done.grants], done.gone) == ([stood_in.pk], 1)
    with pytest.raises(NotHandedOver, match="引き継ぐものは残っていません"):
        hand(distributor, leaving, manager, *both)
    assert officers(led)[0] == "後任 花子"
