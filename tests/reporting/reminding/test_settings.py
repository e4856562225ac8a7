"""The pages on which a programme's ladder and its texts are set."""

from datetime import date
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from minori.accounts.enums import StaffRole
from minori.audit.enums import Action
from minori.audit.models import Event
from minori.audit.trail import MINORI
from minori.mail import laddering, wording
from minori.mail.enums import Kind, Ladder, Wording
from minori.mail.models import Message
from minori.mail.setting_models import LadderSetting, OwnText
from minori.programmes import deadlines
from tests.factories import own, people, programmes

ladder_page = "/desk/reminders/programmes/ours/ladder/"
texts_page = "/desk/reminders/programmes/ours/texts/"
text_page = f"{texts_page}before/"

DEFAULT = {
    "opening": "on",
    "before": "14, 3",
    "on_the_day": "on",
    "after": "1, 7, 14",
    "asks_from": "7",
    "return_before": "3",
    "return_on_the_day": "on",
    "return_after": "1, 7",
    "return_asks_from": "7",
    "approver": "3, 7",
    "change": "7, 14",
    "invitation": "5, 12",
    "seen": "0",
}


@pytest.fixture
def waited(grant: Any, hikari: Any) -> Any:
    """Hikari's report, due on Wednesday 14 October 2037: always to come."""
    people.member(hikari, name="田中 恵", email="tanaka@hikari.example")
    return programmes.deadline(
        of=grant,
        round=programmes.round_(
            of=grant.programme, number=1, opens_on=date(2037, 9, 24), due_on=date(2037, 10, 14)
        ),
    )


def typed(**changed: Any) -> dict[str, Any]:
    return {name: value for name, value in (DEFAULT | changed).items() if value is not None}


def days_of(programme: Any, ladder: Ladder = Ladder.DUE) -> list[int | None]:
    days = [rung.days for rung in laddering.of(programme).rungs[ladder]]
    return sorted(days, key=lambda one: -1000 if one is None else one)


# ---- the ladder


def test_the_page_shows_what_counts_and_who_gets_what_on_which_day(desk, waited):
    page = desk.get(ladder_page).content.decode()
    for words in (
        "受付開始、14日前、3日前、当日、1日後、7日後（確認後）、14日後（確認後）",
        "標準",
        "田中 恵",
        "【あと14日】進捗報告書 10月14日締切",
        "送る前に確認",
    ):
        assert words in page
    # 11 October 2037, three days before, is a Sunday
    assert "2037年10月9日（金）" in page
    assert "休日（日曜日）のため移動" in page


def test_what_is_typed_is_saved_in_any_digits_and_told(desk, waited, programme, officer):
    after = desk.post(
        ladder_page, typed(before="１０、　２", after="1 5", on_the_day=None, asks_from="5"), follow=True
    )
    page = after.content.decode()
    assert "保存しました" in page
    assert "受付開始、10日前、2日前、1日後、5日後（確認後）" in page
    assert f"最終変更：{officer.name}" in page
    assert days_of(programme) == [None, -10, -2, 1, 5]
    assert Event.objects.get(action=Action.LADDER_CHANGED).person_name == officer.name


def test_the_preview_saves_nothing_and_shows_what_is_typed(desk, waited, programme):
    page = desk.post(
        ladder_page, typed(before="9", preview="1", grant="hikari-1", round="1")
    ).content.decode()
    assert "入力中の内容（未保存）" in page
    assert "【あと9日】進捗報告書 10月14日締切" in page
    assert 'value="9"' in page
    assert days_of(programme) == [None, -14, -3, 0, 1, 7, 14]
    assert not LadderSetting.objects.exists()


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"before": "二週間"}, "「二週間」は日数として読めません"),
        ({"before": "-3"}, "「-3」は日数として読めません"),
        ({"after": "0"}, "0：日数は1から365まで"),
        ({"after": "366"}, "366：日数は1から365まで"),
        ({"before": ",".join(str(day) for day in range(1, 40))}, "30回まで"),
        ({"approver": ",".join(str(day) for day in range(1, 40))}, "30回まで"),
        ({"asks_from": "0"}, "1から365まで"),
        ({"return_asks_from": "毎回"}, "1から365まで"),
        ({"invitation": "3; 9999999"}, "日数は1から365まで"),
    ],
)
def test_bad_input_gets_a_sentence_and_keeps_what_was_typed(desk, waited, programme, changed, words):
    answer = desk.post(ladder_page, typed(**changed))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    assert next(iter(changed.values())) in page
    assert not LadderSetting.objects.exists()


def test_back_to_the_gentle_default(desk, waited, programme):
    desk.post(ladder_page, typed(before="9", after="", approver=""))
    assert days_of(programme, Ladder.APPROVER) == []
    desk.post(ladder_page, typed(before="読めない", reset="1", seen="1"))
    assert days_of(programme) == [None, -14, -3, 0, 1, 7, 14]
    assert days_of(programme, Ladder.APPROVER) == [3, 7]


def test_who_saves_second_gets_a_sentence_and_loses_nothing(client, desk, waited, programme, distributor):
    desk.post(ladder_page, typed(before="9"))
    other = people.sign_in(client, people.officer(distributor, StaffRole.MANAGER, name="鈴木 次長"))
    answer = other.post(ladder_page, typed(before="8"))
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "佐伯 真理さんが" in page
    assert "受付開始、9日前" in page  # what counts now
    assert 'value="8"' in page  # what was typed
    assert 'name="seen" value="1"' in page
    assert days_of(programme) == [None, -9, 0, 1, 7, 14]
    other.post(ladder_page, typed(before="8", seen="1"))
    assert days_of(programme) == [None, -8, 0, 1, 7, 14]


def test_a_broken_version_is_no_key(desk, waited, programme):
    desk.post(ladder_page, typed(before="9"))
    for seen in ("", "x", "-1", "99999999999999999999"):
        assert desk.post(ladder_page, typed(before="8", seen=seen)).status_code in (409, 422)
        assert desk.post(ladder_page, typed(reset="1", seen=seen)).status_code == 409
    assert days_of(programme) == [None, -9, 0, 1, 7, 14]


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"grant": "hikari-1", "round": "2"}, "提出期限がありません"),
        ({"grant": "kibou-1", "round": "1"}, "提出期限がありません"),
        ({"grant": "hikari-1", "round": "x"}, "提出期限がありません"),
        ({"grant": "hikari-1", "round": "²"}, "提出期限がありません"),
    ],
)
def test_a_report_that_there_is_not_is_said(desk, waited, theirs, asked, words):
    assert words in desk.get(ladder_page, asked).content.decode()


def test_a_report_that_is_in_gets_no_mails(desk, waited):
    deadlines.waive(waited, reason="休止中のため", by=MINORI, at=timezone.now())
    page = desk.get(ladder_page, {"grant": "hikari-1", "round": "1"}).content.decode()
    assert "提出済みか提出不要" in page


def test_readers_see_and_change_nothing(reader, waited):
    page = reader.get(ladder_page).content.decode()
    assert "【あと14日】" in page
    assert 'name="before"' not in page
    assert reader.post(ladder_page, typed(before="9")).status_code == 403
    assert reader.post(text_page, {}).status_code == 403


def test_the_ladder_is_linked_from_the_set_up_and_from_the_reminders(desk, waited):
    assert ladder_page in desk.get("/desk/setup/programmes/ours/").content.decode()
    page = desk.get("/desk/reminders/").content.decode()
    assert ladder_page in page
    assert texts_page in page


@pytest.mark.parametrize("more", [0, 3])
def test_the_number_of_queries_is_the_same_for_many_grants(desk, waited, more, django_assert_num_queries):
    for number in range(more):
        other = programmes.grant(
            organization=waited.organization, of=waited.grant.programme, code=f"more-{number}"
        )
        programmes.deadline(of=other, round=waited.round)
    with django_assert_num_queries(LADDER_QUERIES):
        desk.get(ladder_page)
    with django_assert_num_queries(TEXT_QUERIES):
        desk.get(text_page)


LADDER_QUERIES = 14
TEXT_QUERIES = 9


# ---- the texts

OURS = {
    "ja_subject": "【当財団】{報告書} {期限}まで",
    "ja_body": "お世話になっております。\r\n\r\n{詳細}\r\n",
}


def words_typed(**changed: str) -> dict[str, str]:
    english = wording.standard(Wording.BEFORE, "en")
    rest = {"en_subject": english.subject, "en_body": english.body, "ja_seen": "0", "en_seen": "0"}
    return OURS | rest | changed


def test_the_texts_begin_with_the_standard_and_say_which_are_ones_own(desk, waited):
    page = desk.get(text_page).content.decode()
    assert "【{残り日数}】{報告書} {期限}締切" in page
    assert "[{standing}] {report} due {date}" in page
    assert "【あと3日】進捗報告書 10月14日締切" in page  # with the data of the report
    assert desk.get(texts_page).content.decode().count("独自の文面") == 0
    desk.post(text_page, words_typed())
    assert desk.get(texts_page).content.decode().count("独自の文面") == 1


def test_a_text_is_saved_and_only_where_it_differs_from_the_standard(desk, waited, officer):
    page = desk.post(text_page, words_typed(), follow=True).content.decode()
    assert "保存しました" in page
    text = OwnText.objects.get()
    assert (text.language, text.subject, text.changed_by_name) == ("ja", OURS["ja_subject"], officer.name)
    assert text.body == "お世話になっております。\n\n{詳細}"
    assert "【当財団】進捗報告書 10月14日まで" in page
    assert Event.objects.filter(action=Action.WORDING_CHANGED).count() == 1


def test_a_wrong_place_is_named_at_its_field_and_the_words_stay(desk, waited):
    answer = desk.post(text_page, words_typed(ja_subject="{報告書} {締切日}"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "{締切日} は使えません" in page
    assert "{期限} がありません" in page
    assert "お世話になっております。" in page
    assert not OwnText.objects.exists()


@pytest.mark.parametrize(
    "subject", ["{報告書} {期限}\nBcc: x@example.jp", "{報告書} {期限}\r\nX", "{報告書}\x01{期限}"]
)
def test_a_subject_that_breaks_is_refused(desk, waited, subject):
    answer = desk.post(text_page, words_typed(ja_subject=subject))
    assert answer.status_code == 422
    assert "改行や制御文字を使えません" in answer.content.decode()


def test_a_preview_and_a_test_mail_save_nothing(desk, waited, officer):
    page = desk.post(text_page, words_typed(preview="1")).content.decode()
    assert "【当財団】進捗報告書 10月14日まで" in page
    page = desk.post(text_page, words_typed(**{"try": "ja"})).content.decode()
    assert officer.email in page
    message = Message.objects.get(kind=Kind.NOTICE)
    assert (message.address, message.subject) == (
        officer.email,
        "【テスト】【当財団】進捗報告書 10月14日まで",
    )
    assert "お世話になっております。" in message.text
    desk.post(text_page, words_typed(**{"try": "en"}))
    assert Message.objects.latest("pk").subject.startswith("[Test] [3 days left] ")
    assert not OwnText.objects.exists()


def test_a_test_mail_in_no_language_or_about_nothing_is_said(desk, grant):
    assert "報告書がまだありません" in desk.post(text_page, words_typed(**{"try": "ja"})).content.decode()
    assert not Message.objects.exists()


def test_a_text_goes_back_to_the_standard(desk, waited):
    desk.post(text_page, words_typed())
    desk.post(text_page, words_typed(standard="1", ja_seen="1"))
    assert OwnText.objects.get().is_standard
    assert "【{残り日数}】{報告書} {期限}締切" in desk.get(text_page).content.decode()


def test_who_saves_a_text_second_reads_both(client, desk, waited, distributor):
    desk.post(text_page, words_typed())
    other = people.sign_in(client, people.officer(distributor, name="鈴木 次長"))
    answer = other.post(text_page, words_typed(ja_body="別の文面\n{詳細}"))
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "佐伯 真理さんが" in page
    assert "お世話になっております。" in page
    assert "別の文面" in page
    assert OwnText.objects.get().version == 1
    other.post(text_page, words_typed(ja_body="別の文面\n{詳細}", ja_seen="1"))
    assert OwnText.objects.get().body == "別の文面\n{詳細}"


def test_there_are_no_other_mails_and_no_other_programmes(desk, waited, theirs):
    assert desk.get(f"{texts_page}nothing/").status_code == 404
    for name, more in (("ladder", {}), ("texts", {}), ("text", {"what": "before"})):
        address = reverse(f"reminding:{name}", kwargs={"code": theirs.programme.code, **more})
        assert desk.get(address).status_code == 404


def test_the_preview_follows_the_programmes_own_list_of_holidays(desk, waited, programme, distributor):
    """Japan's holidays count no more, the list's do: 11 October 2037 is a Sunday and a working day there."""
    own = programmes.holidays(distributor, {date(2037, 10, 14): "創立記念日"}, weekend="fri-sat")
    type(programme).objects.filter(pk=programme.pk).update(holidays=own)
    page = desk.get(ladder_page).content.decode()
    assert "2037年10月11日（日）" in page
    assert "2037年10月14日（水）は休日（祝日・創立記念日）のため移動" in page
    assert "日曜日）のため移動" not in page


def test_the_side_that_holds_a_distributors_own_plan_has_no_reminders_to_set(desk, grant):
    side = own.begun(grant.programme).programme
    said = desk.get(reverse("reminding:index")).content.decode()
    assert reverse("reminding:ladder", kwargs={"code": grant.programme.code}) in said
    assert reverse("reminding:ladder", kwargs={"code": side.code}) not in said
