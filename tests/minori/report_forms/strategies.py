"""Values of every kind that a report can hold, for properties."""

from dataclasses import replace
from datetime import date
from uuid import UUID

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from minori.report_forms.answers import Answer, Chosen, Progress, RowAnswer, Ticked, Written, YesNo
from minori.report_forms.contents import (
    Approval,
    ApprovalManner,
    Attachment,
    Contents,
    Head,
    Rights,
    Signatory,
)
from minori.report_forms.framework import Framework, Indicator, Level, Row, Support
from minori.report_forms.texts import clean

# Two cores are shared by everything: slow is not wrong here. `few` is for whole papers.
calm = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=60)
few = settings(calm, max_examples=20)

# Japanese, signs and marks that real cells hold, and whatever else can be typed.
texts = st.text(st.sampled_from("あ支援①➁（１．）％人\n\t 　0123ABx🌾é'\"=<&"), max_size=40) | st.text(
    max_size=40
).map(clean)
words = texts.filter(lambda text: text.strip())
uuids = st.integers(min_value=0, max_value=2**128 - 1).map(lambda number: UUID(int=number))
hashes = st.integers(min_value=0, max_value=2**256 - 1).map(lambda number: f"{number:064x}")
days = st.dates(min_value=date(2019, 1, 1), max_value=date(2040, 12, 31))

indicators = st.builds(
    Indicator,
    uuid=uuids,
    mark=st.sampled_from(["", "①", "➁", "(1)", "１．"]),
    statement=words,
    baseline=texts,
    target=texts,
    achieve_by=texts,
    means=texts,
    mid_state=texts,
    post_state=texts,
)


@st.composite
def frameworks(draw: st.DrawFn, max_rows: int = 5) -> Framework:
    """Frameworks without problems: parents stand before their children, no identity twice."""
    row_uuids = draw(st.lists(uuids, min_size=1, max_size=max_rows, unique=True))
    rows = []
    for position, uuid in enumerate(row_uuids):
        rows.append(
            Row(
                uuid=uuid,
                parent=draw(st.none() | st.sampled_from(row_uuids[:position])) if position else None,
                level=draw(st.sampled_from(Level)),
                support=draw(st.sampled_from(Support)),
                code=draw(st.sampled_from(["", "1", "0101", "a.1"])),
                statement=draw(words),
                season=draw(texts),
                indicators=tuple(
                    replace(indicator, uuid=UUID(int=position * 10 + number))
                    for number, indicator in enumerate(draw(st.lists(indicators, max_size=3)))
                ),
            )
        )
    return Framework(tuple(rows))


answers = st.one_of(
    st.builds(Written, texts, st.booleans()),
    st.builds(Chosen, texts, texts),
    st.builds(Ticked, st.lists(texts, max_size=4).map(tuple), texts),
    st.builds(YesNo, st.none() | st.booleans(), texts),
)


def row_answers(row: UUID) -> st.SearchStrategy[RowAnswer]:
    return st.builds(
        RowAnswer,
        row=st.just(row),
        text=texts,
        progress=st.none() | st.sampled_from(Progress),
        remark=texts,
        covers=st.lists(uuids, max_size=2, unique=True).map(tuple),
        nothing=st.booleans(),
    )


heads = st.builds(
    Head,
    project_title=texts,
    distributor=texts,
    organization=texts,
    round_title=texts,
    handed_in_on=days,
    revision=st.integers(min_value=1, max_value=99),
    handed_in_by=st.builds(Signatory, id=texts, name=texts),
    approval=st.none()
    | st.builds(Approval, approved_by=texts, manner=st.sampled_from(ApprovalManner), approved_on=days),
)

pixels = st.integers(min_value=1, max_value=10_000)
attachments = st.tuples(
    st.none() | st.tuples(pixels, pixels), st.none() | uuids, st.sampled_from(Rights)
).flatmap(
    lambda said: st.builds(
        Attachment,
        uuid=uuids,
        sha256=hashes,
        filename=texts,
        caption=texts,
        content_type=st.sampled_from(["image/jpeg", "image/png", "application/pdf"]),
        width=st.just(said[0] and said[0][0]),
        height=st.just(said[0] and said[0][1]),
        size=st.integers(min_value=1, max_value=2**21),
        row=st.just(said[1]),
        rights=st.just(said[2]),
    )
)


@st.composite
def papers(draw: st.DrawFn) -> Contents:
    """Contents as they could be filed, with any framework and any answers."""
    framework = draw(frameworks())
    keys = ["outlook", "changes", "activities", "media"]
    given: dict[str, Answer] = {key: draw(answers) for key in keys}
    return Contents(
        edition="2020",
        edition_version=1,
        head=draw(heads),
        framework_number=draw(st.integers(min_value=1, max_value=20)),
        framework=framework,
        rows=tuple(draw(row_answers(row.uuid)) for row in framework),
        answers=given,
        sections=dict(zip(keys, ["progress", "progress", "activities", "media"], strict=True)),
        attachments=tuple(draw(st.lists(attachments, max_size=2))),
    )
