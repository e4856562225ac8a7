"""Officers changed on a grant's own page are a handover like those of the page of handovers."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from minori.accounts.models import Person, StaffMembership
from minori.audit.enums import Action
from minori.audit.models import Event
from minori.audit.trail import Actor
from minori.mail import contacts, notices
from minori.mail.models import Message
from minori.programmes.models import Grant
from reporting.reading.models import ToAsk
from reporting.setup import grants
from reporting.setup.grants import GrantFacts, OfficerGone
from tests.factories import filings, people, programmes

pytestmark = pytest.mark.django_db

BY = Actor(person_id=None, name="責任 八子")


def tokyo(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}:00+09:00")


THURSDAY = tokyo("2026-10-08T15:00")
FRIDAY = tokyo("2026-10-09T09:05")


def give(grant: Grant, lead: Person, deputy: Person | None, *, at: datetime = THURSDAY) -> Grant:
    now = Grant.objects.get(pk=grant.pk)
    facts = GrantFacts(
        title=now.title,
        code=now.code,
        starts_on=now.starts_on,
        ends_on=now.ends_on,
        lead=lead,
        deputy=deputy,
        mid_term_on=now.mid_term_on,
        ex_post_on=now.ex_post_on,
    )
    return grants.change(now, facts=facts, by=BY, at=at)


def subjects(prefix: str = "handover:") -> dict[str, str]:
    found = Message.objects.filter(key__startswith=prefix).select_related("person").order_by("pk")
    return {one.person.name: one.subject for one in found if one.person}


def handed() -> list[tuple[str, str, str]]:
    found = Event.objects.filter(action=Action.GRANTS_HANDED_OVER).order_by("pk")
    return [(one.details["part"], one.details["from_name"], one.details["to_name"]) for one in found]


def test_a_new_lead_is_told_like_a_handover(leaving, successor, manager, led):
    give(led, successor, manager)
    assert handed() == [("lead", "異動 一郎", "後任 花子")]
    assert subjects() == {
        "後任 花子": "【引継ぎ】10月8日 異動 一郎さんから1件",
        "異動 一郎": "【引継ぎ完了】10月8日 後任 花子さんへ1件",
    }
    assert contacts.plan(at=FRIDAY).mails == 1
    assert subjects("contact:") == {"田中 恵": "【担当者の変更】10月8日から後任 花子が担当します"}


def test_other_facts_are_no_handover(leaving, manager, led):
    give(led, leaving, manager)
    assert handed() == []
    assert not Message.objects.exists()


def test_a_deputy_who_comes_or_goes_is_told_and_the_organization_is_not(leaving, successor, manager, led):
    give(led, leaving, None)
    assert subjects() == {"責任 八子": "【引継ぎ完了】10月8日 1件"}
    give(led, leaving, successor)
    assert subjects()["後任 花子"] == "【引継ぎ】10月8日から1件"
    assert "団体には" not in Message.objects.get(person=successor).text
    assert handed() == [("deputy", "責任 八子", ""), ("deputy", "", "後任 花子")]
    assert contacts.plan(at=FRIDAY).mails == 0


def test_two_who_change_places_are_told_what_they_are_now_and_keep_their_lists(leaving, manager, led):
    report = programmes.deadline(of=led)
    ToAsk.objects.create(person=leaving, deadline=report, words="会場は", at=THURSDAY)
    give(led, manager, leaving)
    assert handed() == [("lead", "異動 一郎", "責任 八子"), ("deputy", "責任 八子", "異動 一郎")]
    told = {one.person.name: one for one in Message.objects.filter(key__startswith="handover:") if one.person}
    assert {name: "外れました" in one.text for name, one in told.items()} == {
        "責任 八子": False,
        "異動 一郎": False,
    }
    assert "主担当: " in told["責任 八子"].text
    assert "副担当: " in told["異動 一郎"].text
    assert ToAsk.objects.get().person == leaving


def test_what_was_to_be_asked_goes_to_the_new_lead(leaving, successor, manager, led):
    report = programmes.deadline(of=led)
    ToAsk.objects.create(person=leaving, deadline=report, words="会場は", at=THURSDAY)
    give(led, successor, manager)
    assert ToAsk.objects.get().person == successor


def test_what_is_taken_back_at_once_is_no_news_to_the_organization(leaving, successor, manager, led):
    give(led, successor, manager)
    give(led, leaving, manager, at=THURSDAY + timedelta(minutes=1))
    assert contacts.plan(at=FRIDAY).mails == 0
    give(led, successor, manager, at=FRIDAY)
    assert contacts.plan(at=FRIDAY + timedelta(minutes=10)).mails == 1


def test_what_happened_before_is_not_told_to_the_new_lead_again(leaving, successor, manager, led):
    now = timezone.now()
    filings.handed_in(programmes.deadline(of=led), at=now - timedelta(hours=2))
    give(led, successor, manager, at=now - timedelta(hours=1))
    notices.plan(at=now)
    told = set(Message.objects.filter(key__contains=":officer:").values_list("person__name", flat=True))
    assert "後任 花子" not in told


def test_whoever_has_left_meanwhile_gets_no_grant(leaving, successor, manager, led):
    StaffMembership.objects.filter(person=successor).update(ended_at=THURSDAY)
    with pytest.raises(OfficerGone) as refused:
        give(led, successor, manager)
    assert refused.value.field == "lead"
    with pytest.raises(OfficerGone) as refused:
        give(led, leaving, successor)
    assert refused.value.field == "deputy"
    assert Grant.objects.get(pk=led.pk).lead_officer == leaving


def test_a_lead_who_has_left_can_stay_until_somebody_takes_over(leaving, manager, led):
    StaffMembership.objects.filter(person=leaving).update(ended_at=THURSDAY)
    give(led, leaving, None)
    assert Grant.objects.get(pk=led.pk).deputy_officer is None


def test_the_page_hands_over(leaving, successor, manager, led: Any):
    client = people.sign_in(Client(), manager)
    page = reverse("setup:edit_grant", kwargs={"code": led.code})
    typed = {
        "title": led.title,
        "starts_on": led.starts_on,
        "ends_on": led.ends_on,
        "lead": successor.pk,
        "deputy": manager.pk,
    }
    after = client.post(page, typed, follow=True).content.decode()
    assert "団体には新しい担当をお知らせします" in after
    assert handed() == [("lead", "異動 一郎", "後任 花子")]
