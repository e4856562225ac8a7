"""A programme set up in one go, its rounds proposed from the calendar, and both changed later."""

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from minori.audit.enums import Action
from minori.audit.models import Event
from minori.programmes.models import Deadline, Programme, Round
from reporting.setup import programmes as rules
from tests.factories import filings, people, programmes
from tests.factories.registry import OFFICER

AT = datetime(2026, 5, 1, tzinfo=UTC)
NEW = "/desk/setup/programmes/new/"
FACTS = {
    "title": "若者の居場所づくり",
    "code": "2026-wakamono",
    "window": "2026年度通常枠",
    "starts_on": "2026-10-01",
    "ends_on": "2028-03-31",
}


def proposed(desk):
    """What the page would post if the officer changed nothing of the proposal."""
    rounds = desk.post(NEW, FACTS | {"propose": "1"}).context["rounds"]
    return FACTS | form_data(rounds)


def form_data(rounds):
    data = {
        "rounds-TOTAL_FORMS": str(len(rounds.forms)),
        "rounds-INITIAL_FORMS": str(rounds.initial_form_count()),
    }
    for form in rounds.forms:
        for field in form:
            value = field.value()
            data[field.html_name] = value.isoformat() if isinstance(value, date) else value or ""
    return data


def test_rounds_are_proposed_from_the_calendar_and_saved_in_one_go(desk, distributor):
    assert desk.get(NEW).status_code == 200
    data = proposed(desk)
    assert not Programme.objects.exists()
    answer = desk.post(NEW, data | {"save": "1"})
    programme = Programme.objects.get()
    assert answer.url == reverse("setup:programme", kwargs={"code": "2026-wakamono"})
    assert (programme.distributor, programme.window) == (distributor, "2026年度通常枠")
    rounds = list(programme.rounds.order_by("number"))
    assert [one.title for one in rounds] == [
        "年度末報告（1年度目下期）",
        "進捗報告（2年度目上期）",
        "事業完了報告",
    ]
    assert (rounds[0].opens_on, rounds[0].due_on) == (date(2027, 4, 1), date(2027, 4, 14))
    assert {(one.edition, one.edition_version) for one in rounds} == {("2020", 1)}
    assert list(Event.objects.filter(programme_id=programme.pk).values_list("action", flat=True)) == [
        Action.PROGRAMME_CREATED,
        *[Action.ROUND_CREATED] * 3,
    ]


def test_proposed_rounds_can_be_changed_removed_and_added_to(desk):
    data = proposed(desk) | {"rounds-0-title": "最初の報告", "rounds-1-DELETE": "on"}
    more = desk.post(NEW, data | {"add": "1"})
    assert more.status_code == 200
    assert [form["title"].value() for form in more.context["rounds"].forms] == [
        "最初の報告",
        "事業完了報告",
        None,
    ]
    data = (
        FACTS
        | form_data(more.context["rounds"])
        | {
            "rounds-2-kind": "mid_term",
            "rounds-2-title": "中間評価",
            "rounds-2-period_starts_on": "2028-04-01",
            "rounds-2-period_ends_on": "2028-04-30",
            "rounds-2-opens_on": "2028-05-01",
            "rounds-2-due_on": "2028-05-14",
            "rounds-2-edition": "2020.1",
        }
    )
    desk.post(NEW, data | {"save": "1"})
    assert list(Round.objects.order_by("number").values_list("number", "title")) == [
        (1, "最初の報告"),
        (2, "事業完了報告"),
        (3, "中間評価"),
    ]


def test_the_form_used_last_is_proposed_for_the_next_programme_and_round(desk, distributor, programme):
    programmes.round_(of=programme, edition="web.states")
    theirs = programmes.programme(of=programmes.distributor(), starts_on=date(2027, 4, 1))
    programmes.round_(of=theirs, edition="plain")
    further = desk.get(reverse("setup:new_round", kwargs={"code": programme.code})).context["form"]
    assert further["edition"].value() == "web.states.1"
    answer = desk.post(NEW, FACTS | {"propose": "1"})
    assert {form["edition"].value() for form in answer.context["rounds"].forms} == {"web.states.1"}
    data = FACTS | form_data(answer.context["rounds"]) | {"rounds-2-edition": "plain.1", "add": "1"}
    added = desk.post(NEW, data).context["rounds"].forms[-1]
    assert added["edition"].value() == "plain.1"


def test_a_due_date_on_a_day_off_is_proposed_for_the_next_business_day_and_said(desk):
    facts = FACTS | {"starts_on": "2029-10-01", "ends_on": "2031-03-31", "propose": "1"}
    page = desk.post(NEW, facts).content.decode()
    # 14 April 2030 is a Sunday, 14 October スポーツの日, 14 April 2031 a Monday
    for day in ("2030-04-15", "2030-10-15", "2031-04-14"):
        assert f'value="{day}"' in page
    assert "4月14日（日） は休みのため、次の平日にしています。" in page
    assert page.count("次の平日にしています") == 2


def test_all_problems_are_told_at_once_at_their_fields_and_nothing_is_written(desk, programme):
    data = proposed(desk) | {
        "code": programme.code,
        "ends_on": "2026-01-01",
        "rounds-0-due_on": "2027-03-01",
        "rounds-1-period_starts_on": "2027-01-01",
        "rounds-2-title": "",
        "rounds-2-opens_on": "いつか",
        "save": "1",
    }
    answer = desk.post(NEW, data)
    assert answer.status_code == 422
    assert {problem["href"] for problem in answer.context["errors"]} == {
        "#id_code",
        "#id_ends_on",
        "#id_rounds-0-due_on",
        "#id_rounds-1-period_starts_on",
        "#id_rounds-2-title",
        "#id_rounds-2-opens_on",
    }
    page = answer.content.decode()
    assert "若者の居場所づくり" in page
    assert "いつか" in page
    assert Programme.objects.count() == 1


@pytest.mark.parametrize("ends_on", ["2026-09-30", "2060-01-01", "9999-12-31"])
def test_dates_that_cannot_be_are_told_before_rounds_are_proposed(desk, ends_on):
    answer = desk.post(NEW, FACTS | {"ends_on": ends_on, "propose": "1"})
    assert answer.status_code == 422
    assert answer.context["rounds"] is None
    assert [problem["href"] for problem in answer.context["errors"]] == ["#id_ends_on"]


def test_a_broken_count_of_rounds_is_no_server_error(desk):
    for count in ("x", "-1", "99999"):
        answer = desk.post(
            NEW, FACTS | {"rounds-TOTAL_FORMS": count, "rounds-INITIAL_FORMS": "0", "add": "1"}
        )
        assert answer.status_code == 200


def test_who_works_for_several_distributors_chooses_one(client, distributor):
    other = programmes.distributor()
    both = people.officer(other, of=people.officer(distributor))
    people.sign_in(client, both)
    data = proposed(client) | {"save": "1"}
    assert client.post(NEW, data).status_code == 422, "no distributor was chosen"
    client.post(NEW, data | {"distributor": str(other.pk)})
    assert Programme.objects.get().distributor == other
    third = programmes.distributor()
    assert client.post(NEW, data | {"code": "x", "distributor": str(third.pk)}).status_code == 422


def test_a_programmes_facts_change_but_not_its_code(desk, officer, programme):
    page = reverse("setup:edit_programme", kwargs={"code": "ours"})
    assert desk.get(page).status_code == 200
    desk.post(
        page, {"title": "新しい名", "code": "other", "starts_on": "2025-04-01", "ends_on": "2028-03-31"}
    )
    programme.refresh_from_db()
    assert (programme.title, programme.code, programme.window) == ("新しい名", "ours", "")
    event = Event.objects.get(programme_id=programme.pk)
    assert (event.action, event.person_name) == (Action.PROGRAMME_CHANGED, officer.name)
    assert event.details["title"] == ["地域で育つ子どもの居場所づくり事業", "新しい名"]
    desk.post(page, {"title": "新しい名", "starts_on": "2025-04-01", "ends_on": "2028-03-31"})
    assert Event.objects.filter(programme_id=programme.pk).count() == 1, "nothing changed, nothing recorded"


def round_data(round_, **changed):
    facts = {
        name: str(getattr(round_, name))
        for name in ("kind", "title", "period_starts_on", "period_ends_on", "opens_on", "due_on")
    }
    return facts | {"edition": f"{round_.edition}.{round_.edition_version}"} | changed


def test_a_rounds_new_due_date_moves_deadlines_that_had_the_old_one(desk, programme, grant, kibou):
    deadline = programmes.deadline(of=grant)
    own = programmes.deadline(
        of=programmes.grant(organization=kibou, of=programme), round=deadline.round, due_on=date(2026, 11, 1)
    )
    page = reverse("setup:round", kwargs={"code": "ours", "number": 1})
    desk.post(page, round_data(deadline.round, due_on="2099-10-20", title="あらためた名"))
    deadline.refresh_from_db()
    own.refresh_from_db()
    assert (deadline.due_on, deadline.due_version) == (date(2099, 10, 20), 2)
    assert (own.due_on, own.due_version) == (date(2026, 11, 1), 1)
    assert Event.objects.filter(action=Action.DEADLINE_MOVED).count() == 1
    assert Round.objects.get().title == "あらためた名"


def test_a_round_that_somebody_handed_in_for_keeps_its_period_and_form(desk, programme, grant):
    deadline = programmes.deadline(of=grant)
    filings.handed_in(deadline)
    page = reverse("setup:round", kwargs={"code": "ours", "number": 1})
    assert desk.get(page).context["pinned"]
    desk.post(
        page, round_data(deadline.round, period_ends_on="2026-08-31", kind="mid_term", due_on="2026-10-20")
    )
    round_ = Round.objects.get()
    assert (round_.kind, round_.period_ends_on, round_.due_on) == (
        "progress",
        date(2026, 9, 30),
        date(2026, 10, 20),
    )
    facts = rules.RoundFacts(
        kind="mid_term",
        title="x",
        period_starts_on=round_.period_starts_on,
        period_ends_on=date(2026, 8, 31),
        opens_on=round_.opens_on,
        due_on=round_.due_on,
        edition="2020",
        edition_version=1,
    )
    with pytest.raises(rules.RoundInUse):
        rules.change_round(round_, facts=facts, by=OFFICER, at=AT)
    deadline.refresh_from_db()
    assert deadline.due_on == date(2026, 10, 14), "what is in keeps its date"


def test_a_further_round_gives_the_grants_their_deadlines(desk, programme, grant):
    page = reverse("setup:new_round", kwargs={"code": "ours"})
    assert desk.get(page).status_code == 200
    desk.post(page, round_data(programmes.round_(of=programmes.programme())))
    assert Round.objects.get(programme=programme).number == 1
    assert Deadline.objects.get().grant == grant


def test_a_further_round_is_proposed_from_the_calendar(desk, programme):
    first = programmes.round_(of=programme)
    assert (first.period_ends_on, first.due_on) == (date(2026, 9, 30), date(2026, 10, 14))
    page = desk.get(reverse("setup:new_round", kwargs={"code": "ours"})).content.decode()
    for day in ("2026-10-01", "2027-03-31", "2027-04-01", "2027-04-14"):
        assert f'value="{day}"' in page
    assert 'value="年度末報告（2年度目下期）"' in page
    assert "暦から提案しています" in page


def test_the_second_of_two_who_change_a_round_hears_of_the_first(desk, programme):
    one = programmes.round_(of=programme)
    page = reverse("setup:round", kwargs={"code": "ours", "number": 1})
    seen = desk.get(page).context["seen"]
    first = round_data(one) | {"seen": seen, "due_on": "2099-10-20"}
    assert desk.post(page, first).status_code == 302
    answer = desk.post(page, round_data(one) | {"seen": seen, "title": "あとから直した名前"})
    assert answer.status_code == 422
    html = answer.content.decode()
    for words in ("ほかの方がこの回を変更しました", "あとから直した名前", "2099年10月20日"):
        assert words in html
    one.refresh_from_db()
    assert one.due_on == date(2099, 10, 20)


def test_a_wrong_round_is_told_and_kept_typed(desk, programme):
    page = reverse("setup:new_round", kwargs={"code": "ours"})
    answer = desk.post(
        page, {"title": "だいじな名", "kind": "progress", "opens_on": "2026-10-01", "due_on": "2026-09-01"}
    )
    assert answer.status_code == 422
    assert "だいじな名" in answer.content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_programmes_takes_the_same_queries_for_any_number(
    desk, distributor, programme, count, django_assert_num_queries
):
    for _number in range(1, count):
        programmes.round_(of=programmes.programme(of=distributor))
    with django_assert_num_queries(5):
        page = desk.get(reverse("setup:index"))
    assert page.content.decode().count("/desk/setup/programmes/") == count + 1


@pytest.mark.parametrize("count", [1, 3])
def test_a_programmes_page_takes_the_same_queries_for_any_number_of_grants(
    desk, programme, grant, count, django_assert_num_queries
):
    for _number in range(1, count):
        programmes.grant(organization=grant.organization, of=programme)
        programmes.round_(of=programme)
    with django_assert_num_queries(9):
        page = desk.get(reverse("setup:programme", kwargs={"code": "ours"}))
    assert page.content.decode().count('href="/desk/setup/grants/') == count


def test_rounds_are_proposed_by_quarter_and_due_by_the_rule_that_was_chosen(desk):
    how = {"rhythm": "quarter", "due": "fixed_day", "number": "20", "propose": "1"}
    answer = desk.post(NEW, FACTS | how)
    first = answer.context["rounds"].forms[0]
    assert first.initial["title"] == "進捗報告（1年度目第3四半期）"
    assert first.initial["due_on"].day in {20, 21, 22, 23}
    assert answer.context["how"]["rhythm"].value() == "quarter", "what was chosen stays chosen"


def test_own_dates_begin_with_one_empty_round(desk):
    answer = desk.post(NEW, FACTS | {"rhythm": "own", "due": "days", "number": "", "propose": "1"})
    (only,) = answer.context["rounds"].forms
    assert "title" not in only.initial


@pytest.mark.parametrize(
    ("how", "sentence"),
    [
        ({"due": "days", "number": ""}, "日数（日にち）を入力してください"),
        ({"due": "fixed_day", "number": "32"}, "日にちは31までです"),
        ({"due": "days", "number": "9999"}, "180"),
        ({"rhythm": "weekly"}, "weekly"),
        ({"rhythm": "month", "due": "month_end", "ends_on": "2039-03-31"}, "もっと長い間隔を選んでください"),
    ],
)
def test_what_cannot_be_proposed_is_said(desk, how, sentence):
    answer = desk.post(NEW, FACTS | {"rhythm": "half_year", "propose": "1"} | how)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert answer.context["rounds"] is None


def test_grants_come_in_pages_and_are_found_by_name_title_and_code(desk, programme, hikari, kibou):
    for number in range(51):
        programmes.grant(of=programme, organization=hikari, code=f"many-{number}", title="居場所づくり")
    programmes.grant(of=programme, organization=kibou, code="single", title="学びの場")
    path = reverse("setup:programme", kwargs={"code": programme.code})
    first, second = desk.get(path), desk.get(f"{path}?page=2")
    assert (len(first.context["page"].items), len(second.context["page"].items)) == (50, 2)
    assert first.context["page"].count == 52
    for words in (kibou.name, "学び", "SINGLE"):
        found = desk.get(path, {"q": words}).context["page"]
        assert [one.code for one in found.items] == ["single"], words
    assert "条件にあうものはありません" in desk.get(path, {"q": "どこにもない"}).content.decode()
