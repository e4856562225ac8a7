"""Lists of holidays on pages: uploaded, all that is wrong told at once, looked at by year, replaced, chosen."""

from datetime import date
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from minori.accounts.enums import StaffRole
from minori.programmes.models import HolidayList, Programme
from tests.factories import people, programmes

pytestmark = pytest.mark.django_db
GOOD = b"2026-10-20,Mashujaa Day\n2027-06-01,Madaraka Day\n"


def url(name, distributor, *more):
    return reverse(f"setup:{name}", args=[distributor.slug, *more])


def sent(data: bytes, *, name="Kenya", weekend="sat-sun", filename="kenya.csv"):
    return {"name": name, "weekend": weekend, "file": SimpleUploadedFile(filename, data)}


def words(answer):
    return unescape(answer.content.decode())


def test_an_officer_uploads_a_list_and_chooses_it_for_a_programme(desk, distributor, programme):
    answer = desk.post(url("holiday_lists", distributor), sent(GOOD), follow=True)
    made = HolidayList.objects.get()
    assert answer.redirect_chain[-1][0] == url("holidays", distributor, made.pk)
    assert "2026年10月20日（火）" in words(answer)
    assert "Madaraka" not in words(answer)
    assert "Madaraka Day" in words(desk.get(url("holidays", distributor, made.pk), {"year": "2027"}))
    edit = reverse("setup:edit_programme", args=[programme.code])
    assert "日本の祝日" in words(desk.get(edit))
    facts = {"title": "T", "window": "", "starts_on": "2026-01-01", "ends_on": "2027-12-31"}
    assert desk.post(edit, facts | {"holidays": made.pk}).status_code == 302
    assert Programme.objects.get(pk=programme.pk).holidays == made
    page = words(desk.get(url("holidays", distributor, made.pk)))
    assert ">T</a>" in page
    assert "一覧を削除する" not in page
    assert desk.post(url("remove_holidays", distributor, made.pk)).status_code == 302
    assert HolidayList.objects.exists()
    assert desk.post(edit, facts | {"holidays": ""}).status_code == 302
    desk.post(url("remove_holidays", distributor, made.pk))
    assert not HolidayList.objects.exists()


def test_every_problem_is_told_with_its_line_and_nothing_is_stored(desk, distributor):
    bad = b"05/04/2026,Easter\n2026-05-01\n2026-12-25,Christmas\n"
    answer = desk.post(url("holiday_lists", distributor), sent(bad, name=""))
    assert answer.status_code == 422
    said = words(answer)
    assert "1行目" in said
    assert "2行目" in said
    assert said.count('href="#id_file"') == 2
    assert 'href="#id_name"' in said
    assert not HolidayList.objects.exists()


def test_a_bad_file_leaves_the_list_as_it_was(desk, distributor):
    kept = programmes.holidays(distributor)
    answer = desk.post(url("holidays", distributor, kept.pk), sent(b"nothing", name="Other"))
    assert answer.status_code == 422
    kept.refresh_from_db()
    assert (kept.name == "Other", kept.days.count()) == (False, 1)
    answer = desk.post(url("holidays", distributor, kept.pk), {"name": "Other", "weekend": "sun"})
    assert answer.status_code == 302
    kept.refresh_from_db()
    assert (kept.name, kept.weekend, kept.days.count()) == ("Other", "sun", 1)


@pytest.mark.parametrize("more", [0, 3 * 1024 * 1024])
def test_a_file_that_is_too_large_is_refused_with_a_sentence(desk, distributor, more):
    answer = desk.post(url("holiday_lists", distributor), sent(b"2026-01-01,x\n" * 90_000 + b"x" * more))
    assert answer.status_code == 422
    assert words(answer).count('href="#id_file"') == 1
    assert not HolidayList.objects.exists()


def test_a_name_that_is_there_already_is_said_at_the_name(desk, distributor):
    programmes.holidays(distributor, name="Kenya")
    answer = desk.post(url("holiday_lists", distributor), sent(GOOD))
    assert answer.status_code == 422
    assert "同じ名称の一覧" in words(answer)


def test_a_list_of_another_distributor_is_neither_seen_nor_chosen(desk, distributor, programme):
    other = programmes.distributor()
    foreign = programmes.holidays(other)
    programmes.holidays(distributor)
    assert desk.get(url("holidays", other, foreign.pk)).status_code == 404
    assert desk.get(url("holidays", distributor, foreign.pk)).status_code == 404
    edit = reverse("setup:edit_programme", args=[programme.code])
    facts = {"title": "T", "window": "", "starts_on": "2026-01-01", "ends_on": "2027-12-31"}
    assert desk.post(edit, facts | {"holidays": foreign.pk}).status_code == 422


def test_whoever_works_for_two_distributors_cannot_mix_their_lists(client, distributor):
    other = programmes.distributor(name="Nairobi Fund", time_zone="Africa/Nairobi")
    officer = people.officer(distributor)
    people.officer(other, StaffRole.OFFICER, of=officer)
    foreign = programmes.holidays(other)
    people.sign_in(client, officer)
    answer = client.post(
        reverse("setup:new_programme"),
        {
            "distributor": distributor.pk,
            "title": "T",
            "code": "t-1",
            "window": "",
            "starts_on": "2026-01-01",
            "ends_on": "2026-12-31",
            "holidays": foreign.pk,
            "propose": "1",
        },
    )
    assert "別の資金分配団体の一覧です" in words(answer)


def test_proposed_rounds_follow_the_list_that_is_chosen(client):
    nairobi = programmes.distributor(name="Nairobi Fund", time_zone="Africa/Nairobi", fiscal_year_begins=1)
    kenya = programmes.holidays(nairobi, {date(2026, 7, 14): "A holiday"})
    officer = people.officer(nairobi)
    people.sign_in(client, officer)
    facts = {"title": "T", "code": "t-1", "window": "", "starts_on": "2026-01-01", "ends_on": "2026-12-31"}
    plain = words(client.post(reverse("setup:new_programme"), facts | {"propose": "1"}))
    assert 'value="2026-07-14"' in plain
    own = words(client.post(reverse("setup:new_programme"), facts | {"holidays": kenya.pk, "propose": "1"}))
    assert 'value="2026-07-15"' in own
    assert 'value="2026-07-14"' not in own


def test_the_pages_ask_the_same_number_of_questions_for_one_list_and_for_three(
    desk, distributor, django_assert_num_queries
):
    first = programmes.holidays(distributor)
    desk.get(url("holiday_lists", distributor))
    with django_assert_num_queries(6):
        desk.get(url("holiday_lists", distributor))
    programmes.programme(of=distributor, holidays=first)
    programmes.holidays(distributor)
    programmes.holidays(distributor)
    with django_assert_num_queries(6):
        desk.get(url("holiday_lists", distributor))
