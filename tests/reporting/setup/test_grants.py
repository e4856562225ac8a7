"""An organization with its grant and people in one form; a second grant; the grant's own page."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from minori.accounts.models import Invitation
from minori.audit.enums import Action
from minori.audit.models import Event
from minori.organizations import consent
from minori.organizations.enums import OrganizationState
from minori.organizations.models import Organization
from minori.programmes.models import Deadline, Grant
from tests.factories import people, programmes, registry

NEW = "/desk/setup/programmes/ours/grants/new/"


@pytest.fixture
def data(officer, programme):
    """What the officer types for a new organization with one person."""
    programmes.round_(of=programme)
    return {
        "which": "new",
        "name": "特定非営利活動法人 あおぞら",
        "name_kana": "あおぞら",
        "slug": "aozora",
        "title": "夜の居場所",
        "code": "aozora-1",
        "starts_on": "2025-04-01",
        "ends_on": "2028-03-31",
        "lead": str(officer.pk),
        "deputy": "",
        "people-TOTAL_FORMS": "3",
        "people-INITIAL_FORMS": "0",
        "people-0-name": "青木 空",
        "people-0-email": "Aoki@example.jp",
        "people-0-role": "approver",
        "people-1-role": "editor",
        "people-2-role": "editor",
    }


def hrefs(answer):
    return {problem["href"] for problem in answer.context["errors"]}


def test_an_organization_its_grant_and_its_people_are_set_up_at_once(desk, officer, data):
    assert desk.get(NEW).status_code == 200
    answer = desk.post(NEW, data, follow=True)
    organization = Organization.objects.get(slug="aozora")
    grant = Grant.objects.get()
    assert (organization.state, organization.name_kana) == (OrganizationState.PREPARING, "あおぞら")
    assert (grant.organization, grant.lead_officer, grant.deputy_officer) == (organization, officer, None)
    assert Deadline.objects.get().due_on == date(2026, 10, 14)
    invitation = Invitation.objects.get()
    assert (invitation.email, invitation.role, invitation.organization) == (
        "aoki@example.jp",
        "approver",
        organization,
    )
    actions = Event.objects.filter(organization_id=organization.pk).values_list("action", flat=True)
    assert list(actions) == [
        Action.ORGANIZATION_CREATED,
        Action.GRANT_CREATED,
        Action.DEADLINE_SET,
        Action.INVITED,
    ]
    state = reverse("setup:room_state", kwargs={"slug": "aozora"})
    assert f'hx-get="{state}"' in answer.content.decode(), "the page asks again until the room is ready"
    Organization.objects.filter(slug="aozora").update(state="active", ready_at=organization.created_at)
    assert "hx-get" not in desk.get(state).content.decode()


def test_all_problems_are_told_at_once_and_nothing_is_written(desk, data, grant):
    wrong = data | {
        "slug": "hikari",
        "code": grant.code,
        "ends_on": "2020-01-01",
        "name": "",
        "deputy": data["lead"],
        "people-0-email": "だれか",
        "people-1-name": "名だけ",
    }
    answer = desk.post(NEW, wrong)
    assert answer.status_code == 422
    assert hrefs(answer) == {
        "#id_slug",
        "#id_code",
        "#id_ends_on",
        "#id_name",
        "#id_deputy",
        "#id_people-0-email",
        "#id_people-1-email",
    }
    assert "名だけ" in answer.content.decode()
    assert Grant.objects.count() == 1
    assert not Invitation.objects.exists()


@pytest.mark.parametrize("slug", ["Aozora", "あおぞら", "ao zora", "ao_zora", "-a", ""])
def test_an_address_is_plain_letters(desk, data, slug):
    assert hrefs(desk.post(NEW, data | {"slug": slug})) == {"#id_slug"}


def test_an_organization_we_fund_gets_a_second_grant(desk, data, grant):
    desk.post(NEW, data | {"which": "known", "funded": str(grant.organization.pk), "name": "", "slug": ""})
    assert Grant.objects.get(code="aozora-1").organization == grant.organization
    assert not Organization.objects.filter(slug="aozora").exists()


def test_an_organization_that_another_distributor_funds_is_taken_with_its_number_only(
    desk, data, theirs, hikari
):
    known = data | {"which": "known", "name": "", "slug": ""}
    assert theirs.organization.name not in desk.get(NEW).content.decode()
    assert hrefs(desk.post(NEW, known | {"funded": str(theirs.organization.pk)})) == {"#id_funded"}
    assert hrefs(desk.post(NEW, known | {"known_slug": "kibo"})) == {"#id_known_slug"}
    assert hrefs(desk.post(NEW, known)) == {"#id_funded"}
    now = timezone.now()
    wrong = ["", "ABCD-EFGH", consent.number_of(hikari, at=now)]
    wrong.append(consent.number_of(theirs.organization, at=now - timedelta(days=40)))
    for number in wrong:
        answer = desk.post(NEW, known | {"known_slug": "kibou", "consent": number})
        assert hrefs(answer) == {"#id_consent"}
    assert not Grant.objects.filter(code="aozora-1").exists()
    assert not Invitation.objects.filter(organization=theirs.organization).exists()
    number = consent.number_of(theirs.organization, at=now - timedelta(days=13))
    desk.post(NEW, known | {"known_slug": "kibou", "consent": number.lower().replace("-", " ")})
    assert Grant.objects.get(code="aozora-1").organization == theirs.organization


def test_only_the_distributors_own_staff_can_look_after_a_grant(desk, data, theirs):
    stranger = people.officer(theirs.programme.distributor)
    assert hrefs(desk.post(NEW, data | {"lead": str(stranger.pk)})) == {"#id_lead"}


def test_officers_change_with_an_event_and_the_code_stays(desk, officer, distributor, grant):
    successor = people.officer(distributor, name="後任 花")
    page = reverse("setup:edit_grant", kwargs={"code": grant.code})
    assert desk.get(page).status_code == 200
    desk.post(
        page,
        {
            "title": grant.title,
            "code": "other",
            "starts_on": "2025-04-01",
            "ends_on": "2028-03-31",
            "lead": str(successor.pk),
            "deputy": str(officer.pk),
        },
    )
    grant.refresh_from_db()
    assert (grant.lead_officer, grant.deputy_officer, grant.code) == (successor, officer, "hikari-1")
    event, *handed_over = Event.objects.filter(grant_id=grant.pk).order_by("pk")
    assert (event.action, event.programme_id) == (Action.GRANT_CHANGED, grant.programme_id)
    assert [one.action for one in handed_over] == [Action.GRANTS_HANDED_OVER] * 2
    assert event.details["lead_officer_id"] == [str(officer.pk), str(successor.pk)]


def test_a_grant_that_runs_longer_gets_the_missing_deadlines(desk, officer, programme, hikari):
    grant = programmes.grant(
        organization=hikari, of=programme, ends_on=date(2026, 3, 31), lead_officer=officer
    )
    programmes.round_(of=programme)
    page = reverse("setup:grant", kwargs={"code": grant.code})
    assert "/rounds/1/require/" in desk.get(page).content.decode()
    desk.post(
        reverse("setup:edit_grant", kwargs={"code": grant.code}),
        {
            "title": grant.title,
            "starts_on": "2025-04-01",
            "ends_on": "2028-03-31",
            "lead": str(officer.pk),
            "deputy": "",
        },
    )
    assert Deadline.objects.get().grant == grant


def test_a_report_can_be_asked_for_outside_the_projects_dates(desk, officer, programme, hikari):
    grant = programmes.grant(
        organization=hikari, of=programme, ends_on=date(2026, 3, 31), lead_officer=officer
    )
    programmes.round_(of=programme)
    require = reverse("setup:require", kwargs={"code": grant.code, "number": 1})
    assert desk.post(require).status_code == 302
    assert Deadline.objects.get().grant == grant
    assert desk.post(require).status_code == 404, "there is one already"


def test_readers_see_grants_but_change_nothing(reader, officer, programme, grant):
    deadline = programmes.deadline(of=grant)
    page = reader.get(reverse("setup:grant", kwargs={"code": grant.code}))
    assert page.status_code == 200
    assert "/edit/" not in page.content.decode()
    for path in (
        NEW,
        "/desk/setup/programmes/ours/grants/paste/",
        "/desk/setup/programmes/new/",
        reverse("setup:edit_grant", kwargs={"code": grant.code}),
        reverse("setup:edit_programme", kwargs={"code": "ours"}),
        reverse("setup:new_round", kwargs={"code": "ours"}),
        reverse("setup:round", kwargs={"code": "ours", "number": 1}),
    ):
        assert reader.get(path).status_code == 403, path
        assert reader.post(path).status_code == 403, path
    dates = reverse("setup:deadline", kwargs={"pk": deadline.pk})
    page = reader.get(dates)  # they read how the dates changed
    assert (page.status_code, b'name="step"' in page.content) == (200, False)
    assert reader.post(dates).status_code == 403
    assert reader.post(reverse("setup:require", kwargs={"code": grant.code, "number": 1})).status_code == 403


def test_what_belongs_to_another_distributor_is_not_there(desk, theirs):
    registry.registered(theirs)
    deadline = programmes.deadline(of=theirs)
    code = {"code": theirs.programme.code}
    for name, place in [
        ("programme", code),
        ("edit_programme", code),
        ("new_round", code),
        ("round", code | {"number": 1}),
        ("new_grant", code),
        ("paste_grants", code),
        ("grant", {"code": theirs.code}),
        ("edit_grant", {"code": theirs.code}),
        ("deadline", {"pk": deadline.pk}),
        ("people", {"slug": "kibou"}),
        ("room_state", {"slug": "kibou"}),
        ("plan", {"code": theirs.code}),
        ("paste_plan", {"code": theirs.code}),
        ("new_row", {"code": theirs.code}),
        ("version", {"code": theirs.code, "number": 1}),
    ]:
        assert desk.get(reverse(f"setup:{name}", kwargs=place)).status_code == 404, name


def test_members_of_organizations_and_the_signed_out_do_not_come_in(client, hikari, grant):
    page = reverse("setup:grant", kwargs={"code": grant.code})
    assert client.get(page).url.startswith("/sign-in/")
    assert people.sign_in(client, people.member(hikari)).get(page).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_a_grants_page_takes_the_same_queries_for_any_number_of_deadlines(
    desk, programme, grant, count, django_assert_num_queries
):
    for _number in range(count):
        programmes.deadline(of=grant)
        registry.registered(grant)
    with django_assert_num_queries(13):
        page = desk.get(reverse("setup:grant", kwargs={"code": grant.code}))
    assert page.content.decode().count("/desk/setup/deadlines/") == count
