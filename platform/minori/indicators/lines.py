"""One line or item of a cell: its amounts, the words that belong to each, and what was left unread.

An amount is understood completely when before it stands only what is counted (「参加人数：」) and behind it only
that it happens (「実施」, 「の参加」). Everything else is left unread and asks for a person's eye.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise

from minori.indicators import units
from minori.indicators.amounts import Amount, find_amounts
from minori.indicators.measures import Kind
from minori.indicators.not_values import MASK
from minori.indicators.scales import find_scales

_DELIMITER = re.compile(
    r"[、,。;/・×+\n]| +|(?:と(?!回答|い|し|な|感|思|答)|及び|および|かつ|並びに|\band\b)"
)
_HALF = re.compile(r"(?P<over>過)?半(?:数|分)(?P<more>以上|超|を超え(?:る|て))?(?P<about>程度|近く|ほど)?")
_PAREN = re.compile(r"\([^()\n]{0,120}\)")
_DOINGS = (
    "参加|実施|開催|加入|登録|配布|掲載|達成|獲得|育成|養成|輩出|誕生|受け?入れ?"
    "|設置|開設|作成|制作|製作|提供|支援|利用|活用|発行|発信|運営|確保|対応|創出"
    "|訪問|"
    "相談|回答|設立|完成|連携|構築|発掘|予定|目標|見込み?|想定|認定|修了|受講|採用"
    "|雇用|就職|就労|契約|販売|公開|投稿|収集|把握|参画|来場|来所|来館|入居|配置"
    "|"
    "収穫|寄贈|寄付|整備|導入|稼働|実績|到達|増設|締結|策定|出店|出展|卒業|継続|維持"
    "|動員|集客|募集|応募|交流|協力|協働|発表|報告|紹介|研修|体験|成立|開始|"
    "発足|結成|組成|稼働|開発|送付|送信|配信|取得|招待|面談|接続|マッチング|モニタリング"
    "|ヒアリング|アウトリーチ|フォロー|リスト化|事業化|具体化|法人化|"
    "held|joined|trained|reached|completed|planned|participated|attended"
)
_TAIL = re.compile(
    rf"(?:の|を|に|が|で|は)?(?:(?:{_DOINGS})(?:を|の|が|する|し|数|者|・)*(?:(?:{_DOINGS})(?:を|の|が)?)*)?"
    r"(?:を?(?:目指す|目標とする|行う|行った|行い|行われる|得る|上げる|集める))?"
    r"(?:する|した|して(?:いる|いた)?|できる|できた|できて(?:いる|いた)|される|された"
    r"|されて(?:いる|いた)|いる|いた|ある|あった|となる|となった|なる|を得る)?"
    r"(?:こと|状態|とする|である|です|ます)?[。、. ・)]*"
)
# the syllables that a name may hold; others make a sentence of it (「…した人が」)
_IN_NAMES = re.compile(
    "づくり|など|からの|による|に係る|に関する|に関わる|における|のべ|子どもたち"
    "|子ども|こども|まち|向け|取り?組み?|受け入れ|受入れ|つながり|ふれあい|見守り"
    "|"
    "お|ご|の|と|や|へ"
)
_AT_THE_END = re.compile(r"(?:として|については|は|が|を|に|で|も|へ)?[:=→ ]*$")
_LONGEST_LABEL = 120
_WARNING = re.compile(
    r"~|隔[年月週日]|時給|日給|日額|全員|各(?![種務自位])|増加|減少|削減|低下|上昇|伸び|前年|前回|比$|倍|平均|当た|当り|あた"
    r"|ごと|毎|うち|除|以外|現状|より|から|未満|以上|以下|のべ日|割合[がは]|以内|ただし"
    r"|曜日|土日|[十百千万](?:人|名|件|世帯|団体)(?:規模|単位)|コロナ(?:禍|前)|災前|災害前|以前の"
    r"|未定|検討中|定員(?!充足)|初年度|次年度|翌年度|最終年度|又は|または|もしくは|あるいは|or\b"
)
_COUNTS = re.compile(
    r"(?:数|人数|件数|回数|名簿|者|総数|初期値|目標値?|実績|数量|枚数|値|団体|企業|人|number|total)(?:は|が)?[:= ]*$",
    re.IGNORECASE,
)
_COUNTED_WHOLE = (
    "人 名 件 団体 社 校 世帯 家庭 家族 回 組 個 枚 冊 本 台 着 店舗 企業 施設 自治体 市町村 か所 ヶ所 カ所 箇所 講座 事業"
    " 地区 地域 法人 軒 戸"
)
_WHOLE = frozenset(_COUNTED_WHOLE.split())
_DURATIONS = re.compile(r"^(?:[かカヶケヵ箇個]月|週間?|倍|段階|レベル|期|度|割合|周)$")


@dataclass(frozen=True, slots=True)
class Found:
    """One amount in its clause: where clause and label stand, the pieces left unread; `sure` when none is left."""

    amount: Amount
    clause: tuple[int, int]
    label: tuple[int, int]
    unread: tuple[tuple[int, int], ...]
    sure: bool


def read_line(folded: str, masked: str, start: int, end: int) -> list[Found]:
    """The amounts of a line, without those in brackets where there are others."""
    line, amounts = _amounts(folded, masked, start, end)
    brackets = _inside_brackets(line)
    outside = [amount for amount in amounts if not all(brackets[amount.start - start : amount.end - start])]
    chosen = outside or amounts
    bounds = _bounds(line, start, end, chosen, brackets if outside else bytes(len(line)))
    return [_found(line, start, amount, bound) for amount, bound in zip(chosen, bounds, strict=True)]


def _amounts(folded: str, masked: str, start: int, end: int) -> tuple[str, list[Amount]]:
    line = masked[start:end]
    special = [*find_scales(folded, start, end), *_halves(masked, start, end)]
    if special:
        letters = list(line)
        for amount in special:
            letters[amount.start - start : amount.end - start] = MASK * (amount.end - amount.start)
        line = "".join(letters)
    plain = [
        replace(amount, start=amount.start + start, end=amount.end + start)
        for amount in find_amounts(line, 0, len(line))
    ]
    return line, sorted([*special, *plain], key=lambda amount: amount.start)


def _halves(masked: str, start: int, end: int) -> Iterator[Amount]:
    for match in _HALF.finditer(masked, start, end):
        if match.group().startswith("半分") and masked[match.end() : match.end() + 1] not in (
            "",
            "の",
            "以",
            "が",
        ):
            continue
        kind = Kind.AT_LEAST if match["more"] or match["over"] else Kind.ABOUT if match["about"] else None
        yield Amount(match.start(), match.end(), Decimal(50), unit="%", kind=kind, doubtful=True)


def _inside_brackets(line: str) -> bytes:
    """One for every letter in brackets, zero for the others."""
    inside = bytearray(len(line))
    for match in _PAREN.finditer(line):
        inside[match.start() : match.end()] = b"\x01" * (match.end() - match.start())
    return bytes(inside)


def _bounds(
    line: str, offset: int, end: int, amounts: Sequence[Amount], brackets: bytes
) -> list[tuple[int, int, bool]]:
    """From where to where the words of each amount reach, and whether that is certain."""
    cuts: list[tuple[int, int, bool]] = []
    for amount, follower in pairwise(amounts):
        cut = _cut(line, offset, amount, follower, brackets)
        cuts.append(cut or (amount.end, follower.start, False))
    starts = [(offset, True), *((after, certain) for _, after, certain in cuts)]
    ends = [*((before, certain) for before, _, certain in cuts), (end, True)]
    return [
        (start, stop, first and second) for (start, first), (stop, second) in zip(starts, ends, strict=True)
    ][: len(amounts)]


def _cut(
    line: str, offset: int, amount: Amount, follower: Amount, brackets: bytes
) -> tuple[int, int, bool] | None:
    place = amount.end - offset
    while match := _DELIMITER.search(line, place, follower.start - offset):
        if not brackets[match.start()]:
            return match.start() + offset, match.end() + offset, True
        behind = brackets.find(0, match.start())
        place = max(behind, match.end()) if behind >= 0 else len(line)
    return None


def _found(
    line: str,
    offset: int,
    amount: Amount,
    bound: tuple[int, int, bool],
) -> Found:
    start, stop, certain = bound
    label = line[start - offset : amount.start - offset]
    tail = line[amount.end - offset : stop - offset]
    unread = [*_left(label, start, is_label=True), *_left(tail, amount.end, is_label=False)]
    amount = _counted_over(amount, label)
    alone = certain and not tail.strip() and stop >= offset + len(line.rstrip())
    bare = not amount.unit and not label.strip() and not alone
    factor = tail.lstrip().startswith("×") or line[stop - offset : stop - offset + 2].lstrip().startswith("×")
    alone = alone and not factor
    sure = (
        certain
        and not factor
        and not unread
        and not amount.doubtful
        and not bare
        and _is_clear(amount, label)
    )
    return Found(amount, (start, stop), (start, amount.start), tuple(unread), sure)


def _left(words: str, start: int, *, is_label: bool) -> list[tuple[int, int]]:
    stripped = words.strip(" 、。,.・:=;/")
    if not stripped or (_is_name(words) if is_label else _TAIL.fullmatch(stripped)):
        return []
    begin = start + words.find(stripped)
    return [(begin, begin + len(stripped))]


def _is_name(label: str) -> bool:
    """Whether words before an amount only name what is counted; before a colon they may be a clause."""
    if len(label) > _LONGEST_LABEL or re.search(rf"[。\d\n{MASK}]", label) or _WARNING.search(label):
        return False
    if label.rstrip().endswith((":", "=")):
        return True
    return not re.search("[ぁ-ん]", _AT_THE_END.sub("", _IN_NAMES.sub("", label)))


def _counted_over(amount: Amount, label: str) -> Amount:
    if amount.per or "/" in amount.unit:
        return amount
    for per, pattern in units.PER_WITHIN:
        if pattern.search(label[-60:]):
            return replace(amount, per=per)
    return amount


def _is_clear(amount: Amount, label: str) -> bool:
    """Whether nothing about an amount in itself makes one ask: a bare number, a multiple, a share above one."""
    if amount.kind is Kind.SCALE:
        return True
    broken = amount.value != amount.value.to_integral_value() or (
        amount.scale == 1 and int(amount.value.as_tuple().exponent) < 0  # 2.000人: two thousand, most likely
    )
    if not amount.unit and broken and not label.strip():
        return False  # 3.10: a code, or a number
    is_mean = bool(amount.per or "/" in amount.unit) and bool(label.strip())
    if amount.unit.split("/")[0] in _WHOLE and broken and not is_mean:
        return False  # 1.300名: half a person, or a mark and a number
    if not amount.unit and label.strip(" :=") and not _COUNTS.search(label):
        return False
    if _DURATIONS.match(amount.unit):
        return False
    return not (amount.unit == "%" and (amount.upper or amount.value) > Decimal(100))
