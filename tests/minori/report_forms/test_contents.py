"""What is handed in: frozen, hashed by part, readable for ever."""

import hashlib
import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given

from minori.report_forms.answers import Chosen, RowAnswer, Ticked, Written, YesNo
from minori.report_forms.contents import (
    Approval,
    ApprovalManner,
    Attachment,
    Contents,
    Rights,
    canonical,
    compose,
    hash_of,
    part_hashes_of,
)
from minori.report_forms.framework import Framework, Level, Row
from minori.report_forms.shapes import ShapeError
from tests.minori.report_forms.strategies import few, papers
from tests.seed import report

OLD_PAPER = Path(__file__).parent / "paper.format1.json"


def photo(number: int, **changes) -> Attachment:
    made = Attachment(
        uuid=UUID(int=number),
        sha256=hashlib.sha256(bytes([number])).hexdigest(),
        filename=f"photo{number}.jpg",
        caption="",
        content_type="image/jpeg",
        width=1600,
        height=1200,
        size=400_000,
    )
    return replace(made, **changes)


@few
@given(papers())
def test_any_paper_comes_back_from_json_as_it_was_with_the_same_hashes(paper):
    written = json.loads(json.dumps(paper.to_json()))
    again = Contents.from_json(written)
    assert again == paper
    assert again.to_json() == written
    assert again.part_hashes() == part_hashes_of(written) == paper.part_hashes()
    assert again.content_hash() == hash_of(part_hashes_of(written))


@few
@given(papers(), papers())
def test_different_papers_have_different_hashes(one, other):
    assert (one.content_hash() == other.content_hash()) == (one.to_json() == other.to_json())


def test_the_seed_as_filed_holds_every_row_and_every_answer():
    paper = report.contents()
    assert [answer.row for answer in paper.rows] == [row.uuid for row in paper.framework]
    assert paper.rows == report.rows()
    assert {key: paper.answers[key] for key in report.answers()} == report.answers()
    assert paper.answers["changes_note"] == Written()
    assert paper.sections["changes_note"] == "changes"
    assert set(paper.part_hashes()) == {
        "form", "head", "framework", "rows", "attachments",
        "answers.outlook", "answers.changes", "answers.activities", "answers.symbol_mark",
        "answers.media", "answers.material", "answers.reports", "answers.events",
    }  # fmt: skip


def test_composing_leaves_out_what_the_form_does_not_ask_and_blanks_what_nobody_wrote():
    framework = report.framework()
    outcome = Row(uuid=UUID(int=5), level=Level.OUTCOME_SHORT, statement="短期アウトカム")
    extended = Framework((outcome, *framework.rows))
    gone = RowAnswer(UUID(int=99), text="消えた行")
    paper = report.contents(
        framework=extended,
        rows=[gone, RowAnswer(outcome.uuid, text="アウトカム"), report.rows()[9]],
        answers={
            "mood": Chosen("good"),
            "changes_note": Written("取り消した変更"),
            "changes": Ticked(("none",)),
        },
    )
    assert [answer.is_untouched for answer in paper.rows] == [True] * 9 + [False]
    assert paper.row_answer(outcome.uuid) is None
    assert paper.row_answer(framework.rows[0].uuid) == RowAnswer(framework.rows[0].uuid)
    assert "mood" not in paper.answers
    assert paper.answers["changes_note"] == Written()
    assert paper.answers["media"] == YesNo()


def test_a_follow_up_is_filed_where_a_change_is_ticked():
    answers = {"changes": Ticked(("target",)), "changes_note": Written("目標値を下げたい")}
    assert report.contents(answers=answers).answers["changes_note"] == Written("目標値を下げたい")


def changed_parts(one: Contents, other: Contents) -> set[str]:
    before, after = one.part_hashes(), other.part_hashes()
    return {part for part in before | after if before.get(part) != after.get(part)}


@pytest.mark.parametrize(
    ("change", "parts"),
    [
        ({"head": report.head(project_title="別の事業")}, {"head"}),
        ({"framework_number": 2}, {"form"}),
        ({"rows": [*report.rows()[:9], replace(report.rows()[9], progress=None)]}, {"rows"}),
        ({"answers": {**report.answers(), "media": YesNo(said=True, text="新聞")}}, {"answers.media"}),
        ({"attachments": [photo(1)]}, {"attachments"}),
        (
            {"framework": Framework(tuple(replace(row, season="春") for row in report.framework()))},
            {"framework"},
        ),
    ],
)
def test_a_change_shows_in_its_own_part_and_in_the_whole(change, parts):
    paper, changed = report.contents(), report.contents(**change)
    assert changed_parts(paper, changed) == parts
    assert paper.content_hash() != changed.content_hash()


def test_one_part_can_be_redacted_and_the_rest_still_verified():
    paper = report.contents()
    whole = paper.content_hash()
    kept_hash = paper.part_hashes()["answers.activities"]
    redacted = paper.to_json()
    redacted["answers"]["activities"]["activities"]["text"] = ""
    hashes = part_hashes_of(redacted)
    assert hash_of(hashes) != whole
    assert hash_of({**hashes, "answers.activities": kept_hash}) == whole


def test_the_order_of_keys_makes_no_difference_and_the_order_of_rows_does():
    paper = report.contents().to_json()
    turned = dict(reversed(paper.items()))
    turned["head"] = dict(reversed(paper["head"].items()))
    assert hash_of(part_hashes_of(turned)) == hash_of(part_hashes_of(paper))
    turned["rows"] = paper["rows"][::-1]
    assert hash_of(part_hashes_of(turned)) != hash_of(part_hashes_of(paper))


def test_canonical_json_is_written_one_way():
    assert canonical({"b": [1, None, True], "a": "①\n"}) == '{"a":"①\\n","b":[1,null,true]}'.encode()
    with pytest.raises(ValueError, match="not JSON compliant"):
        canonical(float("nan"))


def test_a_paper_of_format_1_is_read_and_verified_as_it_was_written():
    """The file is never regenerated: it stands for the papers that are filed out there."""
    old = json.loads(OLD_PAPER.read_text(encoding="utf-8"))
    paper = Contents.from_json(old["contents"])
    assert hash_of(part_hashes_of(old["contents"])) == old["hash"]
    assert paper.head.approval == Approval(
        approved_by="承認 花子", manner=ApprovalManner.MEETING, approved_on=date(2022, 10, 13)
    )
    assert paper.attachments == (photo(1),)
    assert paper.framework == report.framework()
    assert paper.rows == report.rows()
    assert paper.answers["symbol_mark"] == report.answers()["symbol_mark"]


def test_what_format_2_says_of_an_attachment_is_written_only_when_it_is_said():
    plain, said = photo(1), photo(2, row=UUID(int=9), rights=Rights.AGREED)
    document = photo(3, width=None, height=None, content_type="application/pdf")
    written = report.contents(attachments=[plain, said, document]).to_json()["attachments"]
    assert not {"row", "rights"} & written[0].keys()
    assert (written[1]["row"], written[1]["rights"]) == (str(UUID(int=9)), "agreed")
    assert not {"width", "height"} & written[2].keys()
    assert Contents.from_json(report.contents(attachments=[said]).to_json()).attachments == (said,)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda data: data.update(format=99), "contents.format: one of [1, 2] is expected"),
        (lambda data: data.pop("format"), "contents.format: is missing"),
        (lambda data: data.update(format=True), "contents.format: a whole number is expected"),
        (
            lambda data: data["head"].update(handed_in_on="14.10.2022"),
            "contents.head.handed_in_on: a date like",
        ),
        (lambda data: data["head"].pop("handed_in_by"), "contents.head.handed_in_by: is missing"),
        (lambda data: data["rows"][3].update(progress=7), "contents.rows[3].progress: one of 1, 2, 3, 4"),
        (lambda data: data["answers"]["media"].update(media=[]), "contents.answers.media.media: an object"),
        (lambda data: data.update(attachments=[{}]), "contents.attachments[0].uuid: is missing"),
    ],
)
def test_json_that_is_no_paper_names_the_place(change, message):
    data = report.contents().to_json()
    change(data)
    with pytest.raises(ShapeError) as caught:
        Contents.from_json(data)
    assert str(caught.value).startswith(message)


def test_contents_cannot_be_changed():
    with pytest.raises(AttributeError):
        report.contents().framework_number = 2


def test_composing_needs_nothing_but_a_head_and_a_framework():
    paper = compose(
        edition=report.edition(),
        head=report.head(),
        framework_number=1,
        framework=report.framework(),
        rows=[],
        answers={},
    )
    assert all(answer.is_untouched for answer in paper.rows)
    assert paper.attachments == ()
