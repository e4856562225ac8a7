"""The pages of form editions: each as a form and as paper, and the labels that are completed."""

from typing import Any

import pytest
from django.urls import reverse

from minori.programmes import labels
from minori.programmes.models import Distributor, PinnedEdition, Round
from minori.report_forms import editions
from tests.factories import people, programmes

pytestmark = pytest.mark.django_db

LIST = "/desk/setup/editions/"


def labels_page(distributor: Distributor, key: str = "2020") -> str:
    return reverse("setup:labels", kwargs={"slug": distributor.slug, "key": key, "version": 1})


def test_the_list_names_every_edition_in_a_fixed_number_of_queries(
    desk: Any, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(9):
        page = desk.get(LIST).content.decode()
    for key, version in editions.installed():
        assert reverse("setup:edition", kwargs={"key": key, "version": version}) in page


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("key", [key for key, _version in editions.installed()])
def test_every_edition_is_shown_as_a_form_and_as_paper(desk: Any, key: str, language: str) -> None:
    edition = editions.load(key, 1)
    desk.cookies["django_language"] = language
    for address in (f"{LIST}{key}/1/", f"{LIST}{key}/1/?paper=1"):
        answer = desk.get(address, HTTP_ACCEPT_LANGUAGE=language)
        page = answer.content.decode()
        assert answer.status_code == 200
        assert all(
            part.title.say(language).replace("'", "&#x27;") in page
            for part in edition.parts
            if part.key != "start"
        )


@pytest.mark.parametrize("address", ["web/1/", "1999/1/", "2020/2/", "..%2F2020/1/", "plain/1/labels/x/"])
def test_what_is_not_installed_is_not_found(desk: Any, address: str) -> None:
    assert desk.get(LIST + address).status_code == 404


def test_an_officer_completes_the_labels_and_they_stand_on_the_form(desk: Any, distributor: Any) -> None:
    page = labels_page(distributor)
    assert "短期アウトカムの達成の見込み" in desk.get(page).content.decode()
    posted = {"outlook.1-ja": "達成できる見込み", "outlook.1-en": "Will be reached", "outlook.2-ja": ""}
    answer = desk.post(page, posted)
    assert answer.status_code == 302
    assert "1. 達成できる見込み" in desk.get(answer.url).content.decode()
    history = desk.get(page).content.decode()
    assert "「達成できる見込み」" in history


def test_a_refused_label_is_said_and_what_was_typed_stays(desk: Any, distributor: Any) -> None:
    answer = desk.post(labels_page(distributor), {"outlook.1-ja": "課題がある", "outlook.2-ja": "遅れる"})
    assert answer.status_code == 422
    assert 'value="遅れる"' in answer.content.decode()
    assert not labels.labels_of(Distributor.objects.get(pk=distributor.pk), editions.load("2020", 1))


def test_readers_and_others_complete_nothing(client: Any, distributor: Any) -> None:
    other = programmes.distributor()
    reader = people.sign_in(client, people.officer(distributor, "reader"))
    assert reader.post(labels_page(distributor), {"outlook.1-ja": "達成"}).status_code == 403
    assert reader.post(labels_page(other), {"outlook.1-ja": "達成"}).status_code == 404


def test_an_edition_without_open_places_has_no_labels_to_complete(desk: Any, distributor: Any) -> None:
    assert desk.get(labels_page(distributor, "plain")).status_code == 404


def test_a_round_can_use_any_edition_which_is_kept_then(desk: Any, programme: Any) -> None:
    page = f"/desk/setup/programmes/{programme.code}/rounds/new/"
    choices = dict(desk.get(page).context["form"].fields["edition"].choices)
    assert "進捗・年度末報告 web v1：活動" in choices["web.activities.1"]
    facts = {
        "kind": "progress",
        "title": "進捗報告（1年度目上期）",
        "period_starts_on": "2026-04-01",
        "period_ends_on": "2026-09-30",
        "opens_on": "2026-10-01",
        "due_on": "2026-10-14",
    }
    assert desk.post(page, facts | {"edition": "web.activities.1"}).status_code == 302
    made = Round.objects.get(programme=programme)
    assert (made.edition, made.edition_version) == ("web.activities", 1)
    assert PinnedEdition.objects.get().file_name == "web.v1.toml"


def test_an_administrator_sees_every_edition_too(client: Any) -> None:
    people.sign_in(client, people.administrator())
    assert client.get("/administration/editions/").status_code == 200
    assert client.get("/administration/editions/web.states/1/?paper=1").status_code == 200
    assert client.get("/administration/editions/web/1/").status_code == 404
