"""The page on which grants are handed over, and the way to it when somebody leaves."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from minori.accounts.models import Person, StaffMembership
from minori.programmes.models import Grant
from tests.factories import people

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(distributor: Any) -> str:
    return reverse("handover:index", kwargs={"slug": distributor.slug})


def as_(person: Person) -> Client:
    return people.sign_in(Client(), person)


def test_a_lead_hands_over_their_own(page, leaving, successor, led, stood_in):
    client = as_(leaving)
    shown = client.get(page).content.decode()
    assert led.title in shown
    assert "後任 花子" in shown
    posted = {"from": leaving.pk, "to": successor.pk, "held": [f"lead-{led.pk}", f"deputy-{stood_in.pk}"]}
    preview = client.post(page, posted | {"step": "preview"}).content.decode()
    assert "異動 一郎さんから後任 花子さんへ" in preview
    assert "引継ぎ後は副担当なし" in preview
    assert "団体の方1人へ" in preview
    assert Grant.objects.get(pk=led.pk).lead_officer == leaving  # so far nothing moved
    after = client.post(page, posted | {"step": "move"}, follow=True).content.decode()
    assert "2件を引き継ぎました" in after
    assert "担当する事業はありません" in after
    assert Grant.objects.get(pk=led.pk).lead_officer == successor


def test_officers_do_not_hand_over_what_is_anothers(page, leaving, successor, led):
    client = as_(successor)
    assert client.get(page, {"from": leaving.pk}).status_code == 403
    posted = {"from": leaving.pk, "to": successor.pk, "held": [f"lead-{led.pk}"], "step": "move"}
    assert client.post(page, posted).status_code == 403
    assert Grant.objects.get(pk=led.pk).lead_officer == leaving


def test_a_manager_hands_over_anybodys(page, leaving, successor, manager, led):
    client = as_(manager)
    assert led.title in client.get(page, {"from": leaving.pk}).content.decode()
    posted = {"from": leaving.pk, "to": successor.pk, "held": [f"lead-{led.pk}"], "step": "move"}
    client.post(page, posted)
    assert Grant.objects.get(pk=led.pk).lead_officer == successor


def test_what_is_missing_is_said_and_what_was_ticked_stays(page, leaving, successor, led, stood_in):
    answer = as_(leaving).post(
        page, {"from": leaving.pk, "to": "", "held": [f"lead-{led.pk}"], "step": "preview"}
    )
    assert answer.status_code == 422
    words = answer.content.decode()
    assert "後任者を選んでください" in words
    assert f'value="lead-{led.pk}" checked' in words
    assert f'value="deputy-{stood_in.pk}" checked' not in words


def test_a_successor_who_left_meanwhile_is_a_sentence(page, distributor, leaving, successor, led):
    StaffMembership.objects.filter(person=successor).update(ended_at=people.SINCE)
    posted = {"from": leaving.pk, "to": successor.pk, "held": [f"lead-{led.pk}"], "step": "move"}
    words = as_(leaving).post(page, posted, follow=True).content.decode()
    assert "もうこちらの担当者ではありません" in words
    assert Grant.objects.get(pk=led.pk).lead_officer == leaving


@pytest.mark.parametrize("held", ["lead-x", "boss-1", ""])
def test_made_up_choices_are_not_found(page, leaving, successor, led, held):
    posted = {"from": leaving.pk, "to": successor.pk, "held": [held], "step": "move"}
    assert as_(leaving).post(page, posted).status_code == 404


def test_ending_a_role_with_grants_leads_to_the_handover(page, distributor, leaving, manager, led):
    role = StaffMembership.objects.get(person=leaving)
    address = reverse("houses:change_staff", kwargs={"slug": distributor.slug, "pk": role.pk})
    answer = as_(manager).post(address, {"action": "end"}, follow=True)
    assert answer.redirect_chain[-1][0] == f"{page}?from={leaving.pk}"
    words = answer.content.decode()
    assert "この方は事業を1件担当しています" in words
    assert led.title in words
    role.refresh_from_db()
    assert role.ended_at is None
