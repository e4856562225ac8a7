"""Links from organizations' rows to rows of the own plan: proposed, confirmed, followed down to the reports."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from minori.audit.enums import Action
from minori.audit.models import Event
from reporting.own import forms, linking, queries
from reporting.own.linking import Pair
from reporting.own.models import RowLink
from reporting.summaries import compiling
from tests.factories import filings, numbers, programmes, registry
from tests.factories import own as factory

AT = factory.AT
OUTPUT, OUTCOME = registry.identity("0101"), registry.identity("01")
OURS, OTHER = registry.identity("own/1-1"), registry.identity("own/1")


def url(name="links", **more):
    return reverse(f"own:{name}", kwargs={"code": "ours", **more})


def confirm(own, *pairs):
    return linking.confirm(own, pairs=pairs, by=registry.OFFICER, at=AT)


def test_a_confirmed_link_says_who_confirmed_it_and_what_spoke_for_it(own, grants):
    (made,) = confirm(own, Pair(grants[0].pk, OUTPUT, OURS))
    assert (made.linked_by_name, made.linked_at, made.basis) == (registry.OFFICER.name, AT, "code,words")
    event = Event.objects.get(action=Action.ROWS_LINKED)
    assert (event.programme_id, event.organization_id) == (own.programme_id, None)
    (by_hand,) = confirm(own, Pair(grants[1].pk, OUTPUT, OTHER))
    assert by_hand.basis in {"hand", "words"}


def test_confirming_twice_links_once_and_a_row_may_stand_under_two(own, grants):
    pair = Pair(grants[0].pk, OUTPUT, OURS)
    assert len(confirm(own, pair, pair)) == 1
    assert confirm(own, pair) == []
    assert len(confirm(own, Pair(grants[0].pk, OUTPUT, OTHER))) == 1
    assert RowLink.objects.count() == 2


def test_all_are_linked_or_none(own, grants):
    gone = registry.identity("nowhere")
    with pytest.raises(linking.LinkRefused):
        confirm(own, Pair(grants[0].pk, OUTPUT, OURS), Pair(grants[1].pk, gone, OURS))
    with pytest.raises(linking.LinkRefused):
        confirm(own, Pair(grants[0].pk, OUTPUT, gone))
    assert not RowLink.objects.exists()


def test_an_activity_is_never_linked(own, grants):
    with pytest.raises(linking.LinkRefused):
        confirm(own, Pair(grants[0].pk, registry.identity("学習支援を行う"), OURS))


def test_a_row_of_another_distributors_programme_is_refused_by_rule_and_database(own, grants, hikari):
    theirs = programmes.grant(organization=hikari, code="elsewhere")
    registry.registered(theirs)  # the same identities as in ours
    with pytest.raises(linking.LinkRefused):
        confirm(own, Pair(theirs.pk, OUTPUT, OURS))
    link = RowLink(
        own_grant=own, own_row_uuid=OURS, grant=theirs, row_uuid=OUTPUT, basis="hand", linked_at=AT
    )
    with pytest.raises(IntegrityError, match="within one programme"), transaction.atomic():
        link.save()


def test_belonging_to_none_is_an_answer_that_a_link_ends(own, grants):
    (none,) = confirm(own, Pair(grants[0].pk, OUTPUT, None))
    confirm(own, Pair(grants[0].pk, OUTPUT, OURS))
    none.refresh_from_db()
    assert none.ended_at == AT
    assert none.ended_reason
    with pytest.raises(linking.LinkRefused):
        confirm(own, Pair(grants[0].pk, OUTPUT, None))


def test_an_ended_link_stays_in_the_history_and_may_be_made_again(own, grants):
    link = factory.linked(own, grants[0])
    with pytest.raises(linking.LinkRefused):
        linking.end(link, reason=" ", by=registry.OFFICER, at=AT)
    linking.end(link, reason="別の行だった", by=registry.OFFICER, at=AT)
    with pytest.raises(linking.LinkRefused):
        linking.end(link, reason="もう一度", by=registry.OFFICER, at=AT)
    assert factory.linked(own, grants[0]).pk != link.pk
    for change in ("row_uuid", "ended_reason"):
        with pytest.raises(IntegrityError, match="never changes but for its end"), transaction.atomic():
            RowLink.objects.filter(pk=link.pk).update(**{change: registry.identity("x")})
    with pytest.raises(IntegrityError, match="stays in the history"), transaction.atomic():
        link.delete()


@pytest.mark.django_db(transaction=True)
def test_two_officers_at_once_link_once(programme, grants, kibou):
    # its rows stay behind a test that commits: the distributor is an organization that every test has
    type(programme.distributor).objects.filter(pk=programme.distributor_id).update(organization=kibou)
    own = factory.begun(programme)
    pair = Pair(grants[0].pk, OUTPUT, OURS)

    def one(_number):
        try:
            return len(confirm(own, pair))
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(one, range(2))) == [0, 1]
    assert RowLink.objects.count() == 1


def test_a_link_follows_through_versions_and_says_when_the_row_is_gone(desk, own, grants):
    factory.linked(own, grants[0])
    rows = [one for one in registry.ROWS if one.get("code") == "01"]
    registry.registered(grants[0], registry.framework(rows))
    page = desk.get(url("index")).content.decode()
    assert "事業設計にもうありません" in page or "もうありません" in page or "計画にない" in page


def test_the_page_ticks_what_is_clear_and_confirms_many_at_once(desk, own, grants):
    page = desk.get(url()).content.decode()
    clear = [forms.key(grant, OUTPUT, OURS) for grant in grants]
    for key in clear:
        assert f'value="{key}" checked' in page
    assert "文言が近い" in page
    # the first time by ticks; the second row by the choice beside it; what is no pair of ours is left out
    chosen = [*clear, forms.key(grants[0], OUTCOME, None), "elsewhere/x/y", ""]
    assert desk.post(url(), {"chosen": chosen}).status_code == 302
    assert sorted(RowLink.objects.values_list("grant__code", "row_uuid", "own_row_uuid"), key=str) == sorted(
        [
            ("hikari-1", OUTPUT, OURS),
            ("kibou-1", OUTPUT, OURS),
            ("hikari-1", OUTCOME, None),
        ],
        key=str,
    )
    only_open = desk.get(url(), {"open": "yes"}).content.decode()
    assert "（0101）" not in only_open
    assert desk.post(url(), {"chosen": [""]}).status_code == 422


def test_what_cannot_be_linked_is_told_and_what_was_chosen_stays(desk, own, grants):
    factory.linked(own, grants[0], row="0101")
    chosen = [forms.key(grants[0], OUTPUT, None), forms.key(grants[1], OUTCOME, OTHER)]
    answer = desk.post(url(), {"chosen": chosen})
    assert answer.status_code == 422
    assert "先にその結びつきを終了してください" in answer.content.decode()
    assert chosen[1] in answer.content.decode()
    assert RowLink.objects.count() == 1


def test_a_row_opens_down_to_progress_numbers_and_who_confirmed_them(desk, own, grants, round_):
    for grant in grants:
        factory.linked(own, grant)
    report = grants[0].report
    filings.handed_in(report, rows={"0101": {"text": "①75回\n②のべ400人", "progress": 3}})
    numbers.registered(grants[0], registry.identity("0101/0"), one=numbers.measure(150, "回"))
    numbers.reported(report, registry.identity("0101/0"), numbers.measure(75, "回"))
    compiling.compile_round(round_.pk, at=AT)
    page = desk.get(url("index"))
    row = next(one for one in page.context["rows"] if one.row.uuid == OURS)
    assert (row.reported, row.asked, row.codes) == (1, 2, [(3, 1), ("missing", 1)])
    assert (row.achieved, row.indicators, row.reached) == (1, 4, 0)
    told = page.content.decode()
    assert "50" in told
    assert "75" in told
    assert "佐伯 真理" in told  # who confirmed
    assert reverse("review:deadline", kwargs={"deadline": report.pk}) in told
    empty = next(one for one in page.context["rows"] if one.row.uuid == OTHER)
    assert (empty.under, empty.codes, empty.indicators) == ((), [], 0)


def test_nothing_to_report_blank_and_not_handed_in_are_kept_apart(desk, own, grants, round_):
    for grant in grants:
        factory.linked(own, grant)
    filings.handed_in(grants[0].report, rows={"0101": {"text": "", "progress": None}})
    compiling.compile_round(round_.pk, at=AT)
    row = next(one for one in desk.get(url("index")).context["rows"] if one.row.uuid == OURS)
    assert row.codes == [(None, 1), ("missing", 1)]


@pytest.mark.parametrize("page", ["index", "links"])
def test_the_number_of_queries_does_not_grow_with_grants_and_links(desk, own, grants, round_, page):
    compiling.compile_round(round_.pk, at=AT)
    factory.linked(own, grants[0])
    desk.get(url(page))
    with CaptureQueriesContext(connection) as few:
        desk.get(url(page))
    for number in range(5):
        grant = programmes.grant(
            of=round_.programme, organization=grants[0].organization, code=f"more-{number}"
        )
        registry.registered(grant)
        factory.linked(own, grant)
    with CaptureQueriesContext(connection) as many:
        desk.get(url(page))
    assert len(many) == len(few)


def test_the_plans_are_read_in_four_queries(own, grants, django_assert_num_queries):
    own = type(own).objects.select_related("programme").get(pk=own.pk)
    with django_assert_num_queries(4):
        found = queries.plans(own)
    assert [len(found.theirs), len(found.own)] == [2, 3]


def test_somebody_elses_link_is_not_found(desk, own, grants, hikari):
    other = programmes.programme(code="other")
    theirs = programmes.grant(of=other, organization=hikari, code="elsewhere")
    registry.registered(theirs)
    link = factory.linked(factory.begun(other), theirs)
    assert desk.get(url("end", pk=link.pk)).status_code == 404
    assert desk.post(url("end", pk=link.pk), {"reason": "x"}).status_code == 404
    mine = factory.linked(own, grants[0])
    assert desk.post(url("end", pk=mine.pk), {"reason": "違う行"}).status_code == 302
