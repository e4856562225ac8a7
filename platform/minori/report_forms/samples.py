"""A report that nobody wrote: every field of an edition answered, to show how the edition looks."""

from collections.abc import Iterator
from datetime import date
from uuid import UUID

from minori.report_forms import answers as answer_values
from minori.report_forms.answers import Answer, Chosen, Progress, RowAnswer, Ticked, Written, YesNo
from minori.report_forms.contents import Contents, Head, Signatory, compose
from minori.report_forms.edition import Edition, Field, Kind
from minori.report_forms.framework import Framework, Indicator, Level, Row, Support
from minori.report_forms.texts import Text

_DAY = date(2026, 10, 14)
_WRITTEN = Text("（ここに書いた文章が入ります。）", "(What is written stands here.)")
_NAMES = {
    "project": Text("（事業名）", "(project)"),
    "distributor": Text("（資金分配団体）", "(fund distributor)"),
    "organization": Text("（実行団体）", "(implementing organization)"),
    "round": Text("進捗報告（2年度目上期）", "Progress report (2nd year, first half)"),
    "person": Text("（氏名）", "(name)"),
}


def framework(language: str) -> Framework:
    """A plan with two outputs under an outcome, one of them non-financial support, and two activities."""
    said = {
        Level.OUTCOME_SHORT: Text("01.（短期アウトカム）", "01. (short-term outcome)"),
        Level.OUTPUT: Text("（アウトプット）", "(output)"),
        Level.ACTIVITY: Text("（活動）", "(activity)"),
    }
    indicators = (
        Indicator(
            uuid=UUID(int=100),
            mark="①",
            statement=Text("（指標）", "(indicator)").say(language),
            baseline="0",
            target=Text("年12回", "12 times a year").say(language),
            achieve_by=Text("2028年3月", "March 2028").say(language),
            mid_state=Text("年6回", "6 times a year").say(language),
            post_state=Text("年12回", "12 times a year").say(language),
        ),
        Indicator(
            uuid=UUID(int=101),
            mark="②",
            statement=Text("（別の指標）", "(another indicator)").say(language),
            target=Text("参加者が役割を持てる", "Participants take a part").say(language),
            achieve_by=Text("2028年3月", "March 2028").say(language),
            mid_state=Text("半数", "half of them").say(language),
            post_state=Text("全員", "all of them").say(language),
        ),
    )
    outcome, output = said[Level.OUTCOME_SHORT].say(language), said[Level.OUTPUT].say(language)
    activity = said[Level.ACTIVITY].say(language)
    non = Support.NON_FINANCIAL
    return Framework(
        (
            Row(uuid=UUID(int=1), level=Level.OUTCOME_SHORT, code="01", statement=outcome),
            Row(uuid=UUID(int=2), code="0101", statement=f"0101.{output}", indicators=indicators),
            Row(uuid=UUID(int=3), code="0102", statement=f"0102.{output}", support=non, indicators=()),
            Row(uuid=UUID(int=4), level=Level.ACTIVITY, code="0101-1", statement=activity, season="2026"),
            Row(uuid=UUID(int=5), level=Level.ACTIVITY, code="0101-2", statement=activity, support=non),
        )
    )


def contents(edition: Edition, language: str) -> Contents:
    """Contents with an answer to every field that is asked, in the words of a language."""
    plan = framework(language)
    said = {key: text.say(language) for key, text in _NAMES.items()}
    rows = [row for _field, row in edition.rows_asked(plan)]
    return compose(
        edition=edition,
        head=Head(
            project_title=said["project"],
            distributor=said["distributor"],
            organization=said["organization"],
            round_title=said["round"],
            handed_in_on=_DAY,
            revision=1,
            handed_in_by=Signatory(id="", name=said["person"]),
            starts_on=date(2025, 4, 1),
            ends_on=date(2028, 3, 31),
        ),
        framework_number=1,
        framework=plan,
        rows=[
            RowAnswer(row=row.uuid, text=_WRITTEN.say(language), progress=progress, remark=remark)
            for row, (progress, remark) in zip(rows, _codes(language), strict=False)
        ],
        answers={
            field.key: _answer(field, language)
            for field in edition.fields
            if answer_values.is_answerable(field)
        },
    )


def _codes(language: str) -> Iterator[tuple[Progress, str]]:
    while True:
        yield Progress.ON_PLAN, ""
        yield Progress.OTHER, Text("（理由）", "(reason)").say(language)


def _answer(field: Field, language: str) -> Answer:
    words = _WRITTEN.say(language)
    known = [choice for choice in field.choices if choice.confirmed] or list(field.choices)
    match field.kind:
        case Kind.CHOICE:
            chosen = known[-1]
            return Chosen(chosen.value, words if chosen.wants_text else "")
        case Kind.TICKS:
            ticked = [choice for choice in known if not choice.exclusive][:2]
            return Ticked(
                tuple(one.value for one in ticked), words if any(one.wants_text for one in ticked) else ""
            )
        case Kind.YES_NO:
            return YesNo(True, words if field.wants_text else "")
        case Kind.NUMBER:
            return Written(str(field.maximum if field.maximum is not None else max(field.minimum or 0, 120)))
        case Kind.DATE:
            return Written(_DAY.isoformat())
        case _:
            return Written(words)
