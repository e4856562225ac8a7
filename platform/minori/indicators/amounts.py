"""Amounts in a line: a number with its unit, how it is meant, and what it is counted over."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from minori.indicators import units
from minori.indicators.measures import Kind, Per
from minori.indicators.numerals import Number, find_numbers

_REACH = 24  # letters before a number that can qualify it
_HUNDRED = Decimal(100)
_RANGE = re.compile(r" ?(?:~|-|ー|から|ないし|乃至|\bto\b)+ ?")
_TO_BE = re.compile(r" ?(?:から|→|より)+ ?(?:約)?")
_FROM = re.compile(r"\bfrom *$", re.IGNORECASE)  # "from 20% to 10%"
_OUT_OF = re.compile(r" ?(?:中|のうち|の内|うち|内|に|out of|of)[、,の]? ?(?:約|計)?", re.IGNORECASE)
_SLASH = re.compile(r" ?/ ?(?:全)?")
_TIMES = re.compile(r" ?[×xX✕*] ?")
_RESULT = re.compile(r" ?(?:=|→|で)? ?(?:合計|計|延べ|のべ)? ?")
_UP = (
    r"増(?![設築刷強])(?:加|員|額|収|大|やす|える|えた|えて|し)*|アップ|UP|up\b|向上"
    r"|上昇|上が[るりっ]|上げ[るた]|伸び|多く|多い|プラス|increase|higher|more than (?:before"
    r"|the baseline)"
)
_DOWN = (
    r"減(?![災])(?:少|員|額|らす|らし|る|っ|り)*|ダウン|削減|低下|下が[るりっ]|下げ"
    r"|短縮|軽減|少ない|マイナス|decrease|reduction|lower|fewer"
)
_CHANGE = re.compile(rf" ?(?:分)?(?:の|を|ずつ)? ?(?:の)?(?:(?P<up>{_UP})|(?P<down>{_DOWN}))", re.IGNORECASE)
_REACHED = re.compile(r" ?(?:に|へ|まで)(?:と)?(?:増加?|減少?|向上|上昇|改善|低下|拡大|削減|上が|下が|伸)")
_GROWS_TO = re.compile(" ?(?:に|へ)(?:増|減|向上|上昇|改善|拡大|引き上げ|低下|な[るっり]|す[る])")
_DOWNWARD = re.compile(r" ?(?:に|へ|まで)(?:と)?(?:減|低下|削減|下が|短縮)")
_CHANGE_BEFORE = re.compile(
    r"(?:(?P<up>increase|rise|grow)|(?P<down>decrease|reduce|fall|drop))[a-z]*(?: of| by) ?(?:at least |about )?$",
    re.IGNORECASE,
)
# words that follow a number without being its unit
_NO_UNIT = re.compile(
    "以上|以下|未満|以内|程度|前後|増|減|超|強|弱|中$|内$|実施|開催|開講|参加|達成"
    "|獲得|向上|上昇|低下|確保|設置|完成|予定|目標|追加|就任|受講|取得|登録|"
    "改善|設定|採択|提供|作成|制作|配布|回答|利用|対応|体制|全員|満足"
)
_PER_WORD = re.compile(r" ?(?:に?(?:あたり|当たり|当り)|につき|ごと|毎)")
_COMPARED = re.compile(
    r"(?:初期値|前年度?|前年同[期月]|昨年度?|現状|開始[時前]|実施前|事業前|基準値?"
    r"|現在|従来|前回|今)(?:値)?(?:から|より|比で?|に比べて?|に対して|と比較して|の)[ 、]*$"
)


@dataclass(frozen=True, slots=True)
class Amount:
    """One amount in a text: what was read and from where to where; `doubtful` when its reading could be another."""

    start: int
    end: int
    value: Decimal
    upper: Decimal | None = None
    of: Decimal | None = None
    unit: str = ""
    per: Per | None = None
    kind: Kind | None = None
    step: str | None = None
    scale: Decimal = Decimal(1)  # what the written digits were multiplied by: 10 of 3割, 10000 of 3万円
    doubtful: bool = False
    joined: bool = False  # a factor of a product (20人×3回)


def find_amounts(masked: str, start: int, end: int) -> list[Amount]:
    """The amounts between two places of a masked text, in order and not overlapping."""
    piece = masked[start:end]
    single: list[Amount] = []
    reached = 0
    for number in find_numbers(piece):
        if number.start < reached:
            continue
        amount = _read(piece, number, single[-1] if single else None)
        while single and single[-1].end > amount.start:
            single.pop()  # 「2か月に」 and 「1回」 before 30名 are what it is counted over
        single.append(amount)
        reached = amount.end
    # 「1団体当たり」 with nothing behind it is no value
    single = [amount for amount in single if not _PER_WORD.match(piece, amount.end)]
    combined = _multiply(piece, list(_combine(piece, single)))
    return [replace(amount, start=amount.start + start, end=amount.end + start) for amount in combined]


def _read(piece: str, number: Number, earlier: Amount | None) -> Amount:
    amount = _with_unit(piece, number)
    amount = _before(piece, _behind(piece, amount), earlier)
    return _changed(piece, amount)


def _with_unit(piece: str, number: Number) -> Amount:
    amount = Amount(number.start, number.end, number.value, doubtful=number.odd, scale=number.scale)
    if boxed := units.BOXED.match(piece, number.end):
        return replace(amount, end=boxed.end(), unit=boxed["word"])
    match = units.UNIT.match(piece, number.end)
    if match is None:
        return amount
    word = match.group().strip()
    if match["percent"]:
        return replace(amount, end=match.end(), unit="%")
    if match["tenths"]:
        half = re.compile(" ?(?:半|(\\d)分)").match(piece, match.end())
        more = Decimal(half.group(1) or 5) if half else Decimal(0)
        return replace(
            amount,
            end=half.end() if half else match.end(),
            value=number.value * 10 + more,
            unit="%",
            scale=Decimal(10),
        )
    if match["other"]:
        cut = _NO_UNIT.split(word)[0]
        if not cut:
            return amount
        return replace(
            amount, end=match.start() + match.group().index(cut) + len(cut), unit=cut, doubtful=True
        )
    if word.startswith("以上"):
        amount = replace(amount, kind=Kind.AT_LEAST)
    word = re.sub("^(?:以上)?(?:つの|もの|の)", "", word) or word
    return _scaled(replace(amount, end=match.end(), unit=word))


def _scaled(amount: Amount) -> Amount:
    factor = {"千円": 1_000, "万円": 10_000, "百万円": 1_000_000, "億円": 100_000_000}.get(amount.unit)
    return (
        replace(amount, value=amount.value * factor, unit="円", scale=amount.scale * factor)
        if factor
        else amount
    )


def _behind(piece: str, amount: Amount) -> Amount:
    for _ in range(4):
        if found := units.AFTER.match(piece, amount.end):
            kind = next((kind for name, kind in units.KINDS.items() if found[name]), amount.kind)
            torn = amount.kind not in (None, kind)  # 10名程度以上
            if found["until"]:
                kind = Kind.AT_MOST
            per = Per.TOTAL if found["total"] else amount.per
            amount = replace(
                amount,
                end=found.end(),
                kind=kind,
                per=per,
                doubtful=amount.doubtful or bool(found["until"]) or torn,
            )
        elif found := units.PER_AFTER.match(piece, amount.end):
            amount = _over(amount, found)
        else:
            break
    return amount


def _over(amount: Amount, found: re.Match[str]) -> Amount:
    word = found["slash"] or found["often"] or found["paren"] or found["english"] or ""
    over = units.period(word) if word else None
    if over:
        return replace(amount, end=found.end(), per=over)
    word = re.sub(r"^(?:per|a|every|each) ", "", word, flags=re.IGNORECASE)
    return replace(amount, end=found.end(), unit=f"{amount.unit}/{word or found['odd']}")


def _before(piece: str, amount: Amount, earlier: Amount | None) -> Amount:
    reached = earlier.end if earlier else 0
    for _ in range(5):
        place = max(reached, amount.start - _REACH)
        if found := units.BEFORE.search(piece, place, amount.start):
            amount = _qualified(amount, found)
        elif counted := _counted_over(piece, amount):
            if earlier and earlier.start < counted.start < earlier.end:
                break  # 「4名/月、週1回」: that month belongs to the amount before
            amount = counted
        else:
            break
    return amount


def _qualified(amount: Amount, found: re.Match[str]) -> Amount:
    start = found.start()
    kind = amount.kind or next((kind for name, kind in units.KINDS.items() if found[name]), None)
    if found["plus"]:
        kind = Kind.INCREASE
    if found["minus"]:
        return replace(amount, start=start, kind=Kind.DECREASE, doubtful=True)
    per = amount.per or (Per.TOTAL if found["total"] and amount.unit != "%" else None)
    torn = any(found[name] and kind is not said for name, said in units.KINDS.items())  # 約20名以上
    doubtful = amount.doubtful or bool(found["each"]) or torn
    return replace(amount, start=start, kind=kind, per=per, doubtful=doubtful)


def _counted_over(piece: str, amount: Amount) -> Amount | None:
    """「月に」, 「年間」, 「1回あたり」 right before an amount; 「週」 and others become part of its unit."""
    place = max(0, amount.start - _REACH)
    head = piece[place : amount.start]
    for per, pattern in units.PER_BEFORE:
        if (found := pattern.search(head)) and found.group():
            first = amount.per in (None, Per.TOTAL)  # 「1団体あたり年間10件」 is counted over two things
            chosen = per if first else amount.per
            doubtful = amount.doubtful or not first
            return replace(amount, start=place + found.start(), per=chosen, doubtful=doubtful)
    if found := units.ODD_BEFORE.search(head):
        if "/" in amount.unit or amount.per not in (None, Per.TOTAL):
            return None
        over = (
            "週"
            if found["week"]
            else "日"
            if found["day"]
            else found["half"] or found["span"] or found["each"]
        )
        over = re.sub("(?:間)?(?:に|で|ごとに|毎に|あたり|当たり|につき)$|^各|^1 ?", "", over.strip())
        doubtful = amount.doubtful or bool(found["each"])
        return replace(amount, start=place + found.start(), unit=f"{amount.unit}/{over}", doubtful=doubtful)
    return None


def _changed(piece: str, amount: Amount) -> Amount:
    head = piece[max(0, amount.start - _REACH) : amount.start]
    compared = _COMPARED.search(head)
    start = amount.start - (len(compared.group()) if compared else 0)
    if reached := _REACHED.match(piece, amount.end):
        down = _DOWNWARD.match(piece, amount.end)
        return replace(
            amount,
            end=reached.end(),
            kind=Kind.AT_MOST if down else amount.kind or Kind.AT_LEAST,
            doubtful=True,
        )
    if found := _CHANGE.match(piece, amount.end):
        sure = bool(compared) or found.group().strip()[:1] in "増減" or amount.unit in ("ポイント", "pt")
        kind = Kind.INCREASE if found["up"] else Kind.DECREASE
        return replace(amount, start=start, end=found.end(), kind=kind, doubtful=amount.doubtful or not sure)
    if found := _CHANGE_BEFORE.search(head):
        kind = Kind.INCREASE if found["up"] else Kind.DECREASE
        return replace(amount, start=amount.start - len(found.group()), kind=kind)
    return replace(amount, doubtful=True) if compared else amount


def _combine(piece: str, single: list[Amount]) -> Iterator[Amount]:
    """Ranges and shares, which two numbers make together."""
    place = 0
    while place < len(single):
        amount = single[place]
        if place + 1 < len(single) and (pair := _pair(piece, amount, single[place + 1])):
            yield pair
            place += 2
        else:
            if _could_be_share(piece, single[place : place + 2]):
                amount = replace(amount, doubtful=True)
                single[place + 1] = replace(single[place + 1], doubtful=True)
            yield amount
            place += 1


def _could_be_share(piece: str, pair: Sequence[Amount]) -> bool:
    """「10名/5名」: five of ten, or two numbers of the same."""
    if len(pair) < 2 or pair[0].unit != pair[1].unit:  # noqa: PLR2004 - a pair
        return False
    return bool(_SLASH.fullmatch(piece[pair[0].end : pair[1].start]))


def _pair(piece: str, first: Amount, second: Amount) -> Amount | None:
    gap = piece[first.end : second.start] if second.start - first.end <= _REACH else "\n"
    if between := _between(first, second, gap):
        return between
    pair = _range(piece, first, second) if _RANGE.fullmatch(gap) or _is_listed(first, second, gap) else None
    from_to = gap.strip().lower() == "to" and _FROM.search(piece, 0, first.start)
    if from_to or (pair is None and _TO_BE.fullmatch(gap)):
        pair = replace(second, start=first.start, doubtful=True)
    elif pair is None and _OUT_OF.fullmatch(gap):
        english = gap.strip().lower().endswith("of")
        whole, part = (second, first) if english else (first, second)
        pair = _share(first, second, part=part, whole=whole)
        pair = replace(pair, doubtful=True) if pair and "に" in gap else pair
    elif pair is None and _SLASH.fullmatch(gap) and second.unit != "%" and first.unit in ("", second.unit):
        if second.per is Per.TOTAL or first.per is Per.TOTAL:
            return None  # 「実数10名/延べ50名」: two counts, no share
        pair = _share(first, second, part=first, whole=second)
        pair = replace(pair, doubtful=not first.unit) if pair else None
    return pair


def _between(first: Amount, second: Amount, gap: str) -> Amount | None:
    """「10名以上20名以下」: a range in two limits."""
    limits = first.kind is Kind.AT_LEAST and second.kind is Kind.AT_MOST and first.unit == second.unit
    if not limits or gap.strip(" 、,~") or first.value >= second.value or first.per not in (None, second.per):
        return None
    doubtful = first.doubtful or second.doubtful
    return replace(
        second, start=first.start, value=first.value, upper=second.value, kind=Kind.RANGE, doubtful=doubtful
    )


def _is_listed(first: Amount, second: Amount, gap: str) -> bool:
    """「2、3名」: two or three, said in one breath."""
    return gap in ("、", ",", "・") and not first.unit and first.value + 1 == second.value < 10  # noqa: PLR2004 - one digit


def _range(piece: str, first: Amount, second: Amount) -> Amount | None:
    same = first.unit in ("", second.unit) or first.unit.split("/")[0] == second.unit.split("/")[0]
    gap = piece[first.end : second.start]
    value, doubtful = first.value, first.doubtful or second.doubtful
    if not first.unit and first.scale == 1 and second.scale > 1 and value * second.scale < second.value:
        value *= second.scale  # 3～4割, 50～100万円
        doubtful = doubtful or second.unit != "%"
    if not same or value >= second.value or first.kind not in (None, Kind.ABOUT):
        return None
    if _GROWS_TO.search(piece, second.start, second.end + 6) or (not value and "から" in gap):
        return replace(second, start=first.start, doubtful=True)
    return replace(
        second,
        start=first.start,
        value=value,
        upper=second.value,
        kind=second.kind if second.kind in (Kind.INCREASE, Kind.DECREASE) else Kind.RANGE,
        per=second.per or first.per,
        doubtful=doubtful
        or not second.unit
        or "、" in gap
        or "," in gap
        or "・" in gap
        or "から" in gap  # 「20名から30名」: from to, or between
        or "ないし" in gap  # 「50名ないし60名」: between, or one of them
        or "乃至" in gap
        or (second.per is Per.TOTAL and first.per is None)  # 100~延べ400人
        or second.kind in (Kind.AT_LEAST, Kind.AT_MOST),
    )


def _share(first: Amount, second: Amount, *, part: Amount, whole: Amount) -> Amount | None:
    if part.unit == "%":  # 138人のうち80%: what it is a share of stays words
        return replace(part, start=first.start, doubtful=True)
    if whole.unit and part.unit and whole.unit != part.unit:
        return None
    if part.value > whole.value or not whole.value:
        return None
    return Amount(
        first.start,
        second.end,
        part.value,
        of=whole.value,
        unit=part.unit or whole.unit,
        per=part.per,
        kind=Kind.SHARE,
        doubtful=first.doubtful or second.doubtful or bool(part.kind and part.kind is not Kind.AT_LEAST),
    )


def _multiply(piece: str, amounts: list[Amount]) -> list[Amount]:
    """Products: 7トン×12か月＝84トン is 84トン (sure where it comes out right); without a result, factors."""
    kept: list[Amount] = []
    place = 0
    while place < len(amounts):
        last = place
        while last + 1 < len(amounts) and _TIMES.fullmatch(piece, amounts[last].end, amounts[last + 1].start):
            last += 1
        factors = amounts[place : last + 1]
        if len(factors) > 1:
            follower = amounts[last + 1] if last + 1 < len(amounts) else None
            if follower and _equals(piece[factors[-1].end : follower.start]):
                product = Decimal(1)
                for factor in factors:
                    product *= factor.value
                doubtful = follower.doubtful or product != follower.value
                kept.append(replace(follower, start=factors[0].start, doubtful=doubtful))
                last += 1
            else:
                kept.extend(replace(factor, doubtful=True, joined=True) for factor in factors)
        else:
            kept.append(amounts[place])
        place = last + 1
    return kept


def _equals(gap: str) -> bool:
    return "=" in gap and bool(_RESULT.fullmatch(gap))
