"""The distributor's own plan: a grant of its own, kept by itself, with the same editor, versions and intake."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from minori.audit.enums import Action
from minori.audit.models import Event
from minori.organizations.models import Organization
from minori.programmes.models import Grant, Programme
from minori.report_forms.framework import Support
from reporting.own import own_plans
from reporting.setup.models import FoundPlan
from tests.factories import own as factory
from tests.factories import programmes, registry

AT = factory.AT


def test_beginning_makes_the_distributors_own_grant_once(programme, officer):
    first = own_plans.begin(programme, lead=officer, by=registry.OFFICER, at=AT)
    again = own_plans.begin(programme, lead=officer, by=registry.OFFICER, at=AT)
    assert (first.pk, first.code, first.title) == (again.pk, "ours-own", programme.title)
    assert (first.organization.name, first.organization.slug) == (programme.distributor.name, "ours")
    assert first.programme.answers_for == programme
    assert first.programme.distributor == programme.distributor
    assert Event.objects.filter(action=Action.GRANT_CREATED).count() == 1


def test_a_second_programme_of_the_distributor_has_the_same_organization(programme):
    second = programmes.programme(of=programme.distributor, code="second")
    organizations = {factory.begun(one, plan=False).organization_id for one in (programme, second)}
    assert len(organizations) == 1


def test_an_address_and_a_code_that_are_taken_are_left_to_who_has_them(programme):
    Organization.objects.create(slug="ours", schema_name="o_ours", name="別の団体", created_at=AT)
    programmes.programme(code="ours-own")
    own = factory.begun(programme, plan=False)
    assert (own.code, own.organization.slug) == ("ours-own2", "ours-own")


def test_the_other_side_has_no_other_side(own):
    with pytest.raises(own_plans.NoOwnPlan):
        factory.begun(own.programme, plan=False)


def test_whoever_registers_the_own_plan_confirms_it(own):
    version = own.framework_versions.get()
    assert (version.confirmed_by_name, version.confirmed_at) == (registry.OFFICER.name, registry.AT)


def test_lists_of_programmes_leave_the_other_side_out(desk, own, grants):
    for page in ("portfolio:index", "setup:index", "reading:search"):
        found = desk.get(reverse(page)).content.decode()
        assert "ours-own" not in found
    assert "ours-own" in desk.get(reverse("own:index", kwargs={"code": "ours"})).content.decode()


def test_the_database_keeps_the_side_to_its_distributor(own, programme, hikari):
    elsewhere = programmes.programme()
    with pytest.raises(IntegrityError, match="same distributor"), transaction.atomic():
        programmes.programme(of=elsewhere.distributor, answers_for=programmes.programme())
    with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
        Programme.objects.filter(pk=own.programme_id).update(answers_for=elsewhere)
    with pytest.raises(IntegrityError, match="distributor's itself"), transaction.atomic():
        programmes.grant(of=own.programme, organization=hikari)
    with pytest.raises(IntegrityError, match="one own plan"), transaction.atomic():
        programmes.grant(of=own.programme, organization=own.organization)
    with pytest.raises(IntegrityError, match="stays the organization"), transaction.atomic():
        type(own.programme.distributor).objects.filter(pk=programme.distributor_id).update(
            organization=hikari
        )


def test_an_officer_begins_and_enters_a_row_of_non_financial_support(desk, programme, grants):
    page = desk.get(reverse("own:index", kwargs={"code": "ours"}))
    assert "own/begin" in page.content.decode()
    assert desk.post(reverse("own:begin", kwargs={"code": "ours"})).url.endswith("/grants/ours-own/plan/")
    new = reverse("setup:new_row", kwargs={"code": "ours-own"})
    assert 'name="support"' in desk.get(new).content.decode()
    assert (
        'name="support"'
        not in desk.get(reverse("setup:new_row", kwargs={"code": "hikari-1"})).content.decode()
    )
    row = {
        "level": "output", "parent": "", "code": "", "statement": "2-1 会計の体制が整う", "season": "", "seen": "x",
        "support": "non_financial", "indicators-TOTAL_FORMS": "0", "indicators-INITIAL_FORMS": "0", "save": "1",
    }  # fmt: skip
    assert desk.post(new, row).status_code == 302
    registered = desk.post(
        reverse("setup:register_plan", kwargs={"code": "ours-own"}),
        {"effective_from_round": "1"},
        follow=True,
    ).content.decode()
    assert "確認を依頼" not in registered
    stored = Grant.objects.get(code="ours-own").framework_versions.get().rows.get()
    assert (stored.support, stored.code) == (Support.NON_FINANCIAL, "2-1")


def test_a_pasted_own_plan_with_both_kinds_of_support_is_matched_to_the_own_grant(desk, programme):
    own = factory.begun(programme, plan=False)
    table = (
        "アウトプット\t支援の種類\t指標\t目標値\n1-1 居場所が開かれる\t資金支援\t開所回数\t100回\n"
        "2-1 会計の体制が整う\t非資金的支援\t整った団体の数\t7団体"
    )
    desk.post(reverse("setup:paste_plans", kwargs={"code": own.programme.code}), {"text": table})
    found = FoundPlan.objects.get()
    desk.post(
        reverse("setup:found_plan", kwargs={"code": own.programme.code, "pk": found.pk}),
        {"grant": own.code, "register": "1"},
    )
    rows = own.framework_versions.get().rows.order_by("position")
    assert [(one.support, one.code) for one in rows] == [("financial", "1-1"), ("non_financial", "2-1")]


def test_readers_see_the_own_plan_and_begin_nothing(reader, programme):
    page = reader.get(reverse("own:index", kwargs={"code": "ours"})).content.decode()
    assert "own/begin" not in page
    assert reader.post(reverse("own:begin", kwargs={"code": "ours"})).status_code == 403
    assert not Programme.objects.filter(answers_for=programme).exists()
