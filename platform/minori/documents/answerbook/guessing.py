"""What words in a cell seem to mean where they are none of the choices: proposed to a person, never taken by itself."""

import re
from dataclasses import dataclass

from minori.documents.answerbook.layout import Slot, Slotted
from minori.documents.answerbook.telling import same
from minori.documents.asking import label_of
from minori.report_forms.answers import NO, YES, Progress, may_be_nothing
from minori.report_forms.edition import Field, Kind

_NUMBERED = re.compile(r"[(\[]?(\d{1,2})[)\].:、。，,・]*(.*)", re.DOTALL)
_THERE_IS = frozenset({"有", "有り", "有る", "あり", "ある", "はい", "yes", "○", "〇", "◯"})
_THERE_IS_NOT = frozenset({"無", "無し", "無い", "なし", "ない", "いいえ", "no", "×", "✕"})
_NOTHING = re.compile(
    r"(?:特に|とくに|該当(?:する事項)?(?:は)?|今回(?:は)?|報告(?:する)?(?:事項)?(?:は)?|変更(?:は)?)*(?:なし|無し|無|ありません|ございません)(?:です)?"
    r"|none|nothing(?:toreport)?|n/?a|notapplicable",
    re.IGNORECASE,
)
_CODES = (  # the first that fits: 「計画どおり進んでいる」 is no 「進んでいる」
    (Progress.ON_PLAN, re.compile(r"どおり|通り|とおり|順調|onplan|onschedule|ontrack|asplanned")),
    (Progress.BEHIND, re.compile(r"遅|behind|late|delay")),
    (Progress.AHEAD, re.compile(r"より進|より早|前倒|上回|ahead")),
    (Progress.OTHER, re.compile(r"その他|other")),
)


@dataclass(frozen=True, slots=True)
class Guess:
    """What a cell seems to mean, as its input is posted: a choice, or that there is nothing to report."""

    value: str = ""
    meant: str = ""
    nothing: bool = False


def guess_of(
    text: str, name: str, slotted: Slotted, asked: Field | None, *, is_read: bool, language: str
) -> Guess | None:
    """What a cell seems to mean where that is not what it says; `is_read`: what it says could be taken.

    `name` is the column ("text", "progress", "answer"), `asked` the question, None in a row of the plan.
    """
    if slotted.slot == Slot.PICK and not is_read:
        if name == "progress":
            code = may_mean_code(text)
            return Guess(str(code.value), f"{code.value} {code.label.say(language)}") if code else None
        value = may_mean_choice(asked, text) if asked else None
        return Guess(value, label_of(asked, value, language)) if asked and value else None
    takes_nothing = name == "text" if asked is None else name == "answer" and may_be_nothing(asked)
    if slotted.slot in (Slot.LONG, Slot.SHORT) and takes_nothing and may_mean_nothing(text):
        return Guess(nothing=True)
    return None


def may_mean_code(text: str) -> Progress | None:
    """The progress that words which are none of the choices seem to mean (「２ 計画どおり」): for a person to confirm.

    None where number and words say different things, and where neither says anything.
    """
    said = same(text).strip("。.、")
    numbered = _NUMBERED.fullmatch(said)
    by_number = None
    if numbered is not None:
        by_number = next((code for code in Progress if str(code.value) == numbered[1]), None)
        if by_number is None:
            return None
        said = numbered[2]
    by_words = {code for code, words in _CODES if words.search(said)}
    if Progress.ON_PLAN in by_words:
        by_words.discard(Progress.AHEAD)
    if len(by_words) > 1:
        return None
    found = next(iter(by_words), None)
    if by_number is not None:
        return by_number if found in (None, by_number) else None
    return found


def may_mean_choice(field: Field, text: str) -> str | None:
    """The choice that words which are none of the labels seem to mean (「なし」 for 無): for a person to confirm."""
    said = same(text).strip("。.")
    if field.kind == Kind.YES_NO:
        return YES if said in _THERE_IS else NO if said in _THERE_IS_NOT or _NOTHING.fullmatch(said) else None
    numbered = _NUMBERED.fullmatch(said)
    found = []
    for choice in field.choices:
        labels = [same(choice.label.say(language)) for language in ("ja", "en")]
        if numbered is not None:
            fits = choice.value == numbered[1] and any(numbered[2] in label for label in labels)
        else:
            fits = any(len(said) > 1 and label and (said in label or label in said) for label in labels)
        found += [choice.value] if fits else []
    return found[0] if len(found) == 1 else None


def may_mean_nothing(text: str) -> bool:
    """Whether a text only says that there is nothing to report (なし, 特になし, n/a). A zero does not."""
    return bool(_NOTHING.fullmatch(same(text).strip("。.、")))
