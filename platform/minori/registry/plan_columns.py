"""The columns of a contracted plan, and the many ways in which the years' forms head them. Pure."""

import re
from enum import StrEnum

from minori.report_forms.framework import Level, Support
from minori.report_forms.pasted import name_of


class Part(StrEnum):
    """What a column of a plan holds."""

    STATEMENT = "statement"
    INDICATOR = "indicator"
    GUIDE = "indicator_guide"
    MEANS = "means"
    BASELINE = "baseline"
    TARGET = "target"
    MID_STATE = "mid_state"
    POST_STATE = "post_state"
    ACHIEVE_BY = "achieve_by"
    ACTIVITY = "activity"
    SEASON = "activity_season"
    MARK = "mark"
    CODE = "code"
    NUMBER = "row_no"
    LEVEL = "level"
    SUPPORT = "support"
    MONITORING = "monitoring"
    GRANT = "grant"
    ORGANIZATION = "organization"
    TITLE = "title"


HEADINGS: dict[Part, str] = {
    Part.STATEMENT: "内容",
    Part.INDICATOR: "指標",
    Part.GUIDE: "実施・到達状況の目安とする指標",
    Part.MEANS: "把握方法",
    Part.BASELINE: "初期値/初期状態",
    Part.TARGET: "目標値/目標状態",
    Part.MID_STATE: "中間評価時の値/状態",
    Part.POST_STATE: "事後評価時の値/状態",
    Part.ACHIEVE_BY: "目標達成時期",
    Part.ACTIVITY: "活動",
    Part.SEASON: "活動時期",
    Part.MARK: "指標番号",
    Part.CODE: "コード",
    Part.NUMBER: "No.",
    Part.LEVEL: "レベル",
    Part.SUPPORT: "支援",
    Part.MONITORING: "モニタリング",
    Part.GRANT: "事業コード",
    Part.ORGANIZATION: "実行団体",
    Part.TITLE: "事業名",
}
"""The headings that we write ourselves on Japanese pages, which are the field's own words."""

HEADINGS_EN: dict[Part, str] = {
    Part.STATEMENT: "Statement",
    Part.INDICATOR: "Indicator",
    Part.GUIDE: "Indicator as a guide to progress",
    Part.MEANS: "Means of verification",
    Part.BASELINE: "Baseline",
    Part.TARGET: "Target",
    Part.MID_STATE: "Value or state at mid-term evaluation",
    Part.POST_STATE: "Value or state at ex-post evaluation",
    Part.ACHIEVE_BY: "To be achieved by",
    Part.ACTIVITY: "Activity",
    Part.SEASON: "When the activity takes place",
    Part.MARK: "Number of the indicator",
    Part.CODE: "Code",
    Part.NUMBER: "No.",
    Part.LEVEL: "Level",
    Part.SUPPORT: "Kind of support",
    Part.MONITORING: "Monitoring",
    Part.GRANT: "Grant code",
    Part.ORGANIZATION: "Organization",
    Part.TITLE: "Project title",
}
"""The same on pages in English; whatever the page, headings are read in both languages."""

_OTHERS: dict[Part, tuple[str, ...]] = {
    Part.STATEMENT: ("アウトカム/アウトプット", "outcome/output", "description"),
    Part.INDICATOR: (
        "アウトカム指標",
        "アウトプット指標",
        "評価指標",
        "indicators",
        "outcome indicator",
        "output indicator",
    ),
    Part.GUIDE: ("実施到達状況の目安とする指標", "目安とする指標", "guide indicator", "guiding indicator"),
    Part.MEANS: (
        *("指標の把握方法", "測定方法", "確認方法", "入手方法", "検証方法", "指標の入手手段"),
        *("means", "source of verification", "means of measurement", "data source"),
    ),
    Part.BASELINE: (
        "初期値",
        "初期状態",
        "初期値/状態",
        "baseline value",
        "baseline value/state",
        "initial value/state",
    ),
    Part.TARGET: (
        "目標値",
        "目標状態",
        "目標値/状態",
        "目標",
        "targets",
        "target value",
        "target value/state",
    ),
    Part.MID_STATE: (
        *("中間評価時", "中間評価時の値", "中間評価時の状態", "中間評価時の目標値/状態"),
        *("mid-term", "midterm", "at mid-term evaluation", "mid-term value/state", "mid-term target"),
    ),
    Part.POST_STATE: (
        *("事後評価時", "事後評価時の値", "事後評価時の状態", "事後評価時の目標値/状態"),
        *("ex-post", "at ex-post evaluation", "ex-post value/state", "ex-post target", "endline target"),
    ),
    Part.ACHIEVE_BY: ("達成時期", "achieve by", "target date", "achievement date", "due"),
    Part.ACTIVITY: ("活動内容", "activities"),
    Part.SEASON: ("時期", "実施時期", "活動の時期", "season", "when", "timing", "schedule", "period"),
    Part.MARK: ("指標の番号", "mark", "indicator no.", "indicator number"),
    Part.CODE: ("code of the row", "row code"),
    Part.NUMBER: ("行番号",),
    Part.LEVEL: ("区分", "種別"),
    Part.SUPPORT: ("支援の種類", "支援種別", "support"),
    Part.MONITORING: ("モニタリング有無", "モニタリングの有無"),
    Part.GRANT: ("実行団体事業コード", "grant", "grant no.", "grant number", "code of the grant"),
    Part.ORGANIZATION: (
        *("実行団体名", "団体名", "申請団体", "申請団体名"),
        *("organisation", "implementing organization", "grantee", "applicant"),
    ),
    Part.TITLE: (
        *("申請事業名", "実行団体事業名", "事業名称", "採択事業名"),
        *("project", "project name", "title of the project"),
    ),
}
_LEVEL_WORDS = (
    {
        "短期アウトカム": Level.OUTCOME_SHORT,
        "アウトカム": Level.OUTCOME_SHORT,
        "中長期アウトカム": Level.OUTCOME_LONG,
        "長期アウトカム": Level.OUTCOME_LONG,
        "中期アウトカム": Level.OUTCOME_LONG,
        "アウトプット": Level.OUTPUT,
        "活動": Level.ACTIVITY,
    }
    | {
        name_of(word + plural).replace("-", joint): level
        for words, level in (
            (("short-term outcome", "outcome"), Level.OUTCOME_SHORT),
            (("long-term outcome", "medium-term outcome", "mid-term outcome"), Level.OUTCOME_LONG),
            (("medium- and long-term outcome", "mid- and long-term outcome"), Level.OUTCOME_LONG),
            (("output",), Level.OUTPUT),
        )
        for word in words
        for plural in ("", "s")
        for joint in ("-", "")
    }
    | {"activity": Level.ACTIVITY, "activities": Level.ACTIVITY}
)
LEVEL_CHOICES = {
    "ja": ("中長期アウトカム", "短期アウトカム", "アウトプット", "活動"),
    "en": ("long-term outcome", "short-term outcome", "output", "activity"),
}
SUPPORT_CHOICES = {"ja": ("資金支援", "非資金的支援"), "en": ("financial", "non-financial")}
"""What the lists of our own workbook offer, by the language of the page."""
_SUPPORT_IN_ENGLISH = re.compile(r"(?:^|[\[(:-])(non-?)?financial(?:support)?(?:$|[\])])")
_NUMBERING = re.compile(r"^[(\[【]?(?:[0-9]{1,2}|[ivx]{1,4}|[①-⑳])(?:[)\]】.、:]|-[0-9]+|(?=[^0-9a-z]))+")
_REMARK = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_LONGEST_HEADING = 80
_COUNTER = re.compile(r"\s*[0-9０-９]+\s*[/／]\s*[0-9０-９]+\s*(?:字|characters)\s*")
_EXAMPLE = re.compile(r"[（(【\[]?記入例|(?:[（(]例[)）]|例[)）:：]|※例[:：]).*[〇○◯]{2}", re.DOTALL)
_ASKING = re.compile(r"(?:記入|記載|入力|選択|設定)(?:して|を)?(?:ください|下さい|お願い|可能です)")
_ASKING_IN_ENGLISH = re.compile(
    r"\W*(?:please\s+(?:enter|fill|describe|write|specify|select|choose|state|set|list)\b|e\.g\..*[〇○◯]{2})",
    re.IGNORECASE | re.DOTALL,
)


def plain_heading(text: str) -> str:
    """What headings have in common: no numbering, no remarks in brackets or behind ※, one sign between two words."""
    plain = name_of(text).partition("※")[0].translate(str.maketrans("【】〔〕・、&", "[][]///"))
    bare = _REMARK.sub("", plain) or plain.strip("[]()")
    return _NUMBERING.sub("", bare).strip("/:.")


_PARTS = {
    plain_heading(word): part
    for part, heading in HEADINGS.items()
    for word in (heading, HEADINGS_EN[part], *_OTHERS.get(part, ()))
}


def heading(part: Part, language: str) -> str:
    """The heading of a column in the language of the page."""
    return HEADINGS[part] if language.startswith("ja") else HEADINGS_EN[part]


def part_of(text: str) -> Part | None:
    """The column that a cell heads, or None where it is no heading that we know."""
    if len(text) > _LONGEST_HEADING:
        return None
    plain = plain_heading(text)
    if plain in _LEVEL_WORDS and _LEVEL_WORDS[plain] is not Level.ACTIVITY:
        return Part.STATEMENT
    return _PARTS.get(plain)


def level_of(text: str) -> Level | None:
    """The level that a heading or a cell of the column of levels names."""
    return _LEVEL_WORDS.get(plain_heading(text)) if len(text) <= _LONGEST_HEADING else None


def support_of(text: str) -> Support | None:
    """The kind of support a heading names, perhaps behind a word: アウトプット【非資金的支援】, Outputs (financial)."""
    if len(text) > _LONGEST_HEADING:
        return None
    plain = name_of(text)
    if "非資金的支援" in plain:
        return Support.NON_FINANCIAL
    if "資金支援" in plain:
        return Support.FINANCIAL
    if (found := _SUPPORT_IN_ENGLISH.search(plain)) is None:
        return None
    return Support.NON_FINANCIAL if found[1] else Support.FINANCIAL


def is_guidance(text: str) -> bool:
    """Whether a cell holds words of the form itself: 「※…を記入してください」「（記入例：…）」「例）〇〇な状態」."""
    if _COUNTER.fullmatch(text):
        return True
    plain = text.strip()
    return bool(_ASKING.search(plain) or _EXAMPLE.match(plain) or _ASKING_IN_ENGLISH.match(plain))
