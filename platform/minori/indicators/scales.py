"""Steps on a scale: 「3(5段階中)」, 「5段階評価で4以上」, 「10点満点中8点」, 「レベルが1上がる」."""

import re
from collections.abc import Iterator
from decimal import Decimal

from minori.indicators.amounts import Amount
from minori.indicators.measures import Kind

_SIZE = r"(?P<of>\d{1,3}) ?(?:段階|件法|点満点|点(?=中))(?:の)?(?:中|評価法?|尺度|評定|評点|スケール|のうち)*(?:中)?"
_VALUE = r"(?P<value>\d{1,3}(?:\.\d{1,2})?) ?(?:点|段階目?|レベル)?(?P<more>以上|以下|を?超え(?:る|て))?"
_PATTERNS = (
    re.compile(rf"(?<![\d.,~]){_VALUE} ?[(/] ?{_SIZE} ?\)?"),
    re.compile(
        rf"{_SIZE}(?:に|で|の|において|における|、|:| |平均|点|で?、)*[「『(]?(?<![\d.])(?:レベル)?"
        rf"{_VALUE}(?![\d.,]*[人名件回割%~])[」』)]?(?:以上)?"
    ),
)
_STEPS = re.compile(
    r"(?:段階|レベル|ランク|評価|ステージ)(?:が|を|は)?(?P<before>[\d.]{1,4}|一|ひと"
    r"|二|ふた)(?:つ|段階|レベル|ランク|ポイント)?(?:以上)?(?:ずつ)?(?P<way>上が|上げ"
    r"|上昇|向上|アップ|改善|下が|下げ|低下|ダウン)(?:[るりっ]?た?)"
    r"|(?P<after>[\d.]{1,4}|一|二) ?(?:段階|レベル|ランク)(?:以上)?(?:ずつ)?(?:の)?(?P<way2>上が"
    r"|上げ|上昇|向上|アップ|改善|下が|下げ|低下|ダウン)(?:[るりっ]?た?)"
)
_STEP_UNIT = re.compile("段階|レベル|ランク|ステージ")
_WORDED = {"一": "1", "ひと": "1", "二": "2", "ふた": "2"}


def find_scales(folded: str, start: int, end: int) -> Iterator[Amount]:
    """The steps on scales that stand between two places of a folded text."""
    reached = start
    for pattern in (_STEPS, *_PATTERNS):
        for match in pattern.finditer(folded, start, end):
            if match.start() < reached and pattern is not _STEPS:
                continue
            amount = _steps(match) if pattern is _STEPS else _step(match)
            if amount is not None:
                reached = max(reached, match.end())
                yield amount


def _step(match: re.Match[str]) -> Amount | None:
    value, of = Decimal(match["value"]), Decimal(match["of"])
    if not of or value > of:
        return None
    doubtful = match["more"] == "以下"
    return Amount(match.start(), match.end(), value, of=of, kind=Kind.SCALE, doubtful=doubtful)


def _steps(match: re.Match[str]) -> Amount | None:
    written = match["before"] or match["after"]
    written = _WORDED.get(written, written)
    if not re.fullmatch(r"\d+(?:\.\d+)?", written):
        return None
    way = match["way"] or match["way2"]
    down = way in ("下が", "下げ", "低下", "ダウン")
    unit = _STEP_UNIT.search(match.group())
    return Amount(
        match.start(),
        match.end(),
        Decimal(written),
        unit=unit.group() if unit else "",
        kind=Kind.SCALE,
        step="down" if down else "up",
        doubtful=False,
    )
