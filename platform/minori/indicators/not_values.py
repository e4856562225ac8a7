"""What holds digits and is no amount: dates, ages, school years, ordinals, codes, durations, quotations."""

import re

from minori.indicators.dates import find_points

MASK = "\ue000"  # a private character: stands for one letter that was understood to be no amount
_COUNTERS = "[人名件回団校社個世%割か箇ヶカヵ冊枚点台本者家組店種つ万千百]"
_MONTH = r"(?:1[0-2]|0?[1-9])"
_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        # quotations: answers, titles, questions
        r"「[^」\n]{0,200}」|『[^』\n]{0,200}』|“[^”\n]{0,200}”",
        # addresses on the net, telephone numbers, post codes
        r"https?://[^\s]{1,200}|[\w.]{1,40}@[\w.]{1,60}|(?<!\d)0\d{1,4}-\d{1,4}-\d{3,4}(?!\d)|〒 ?\d{3}-\d{4}",
        # months and days that name no year, clock times
        (
            rf"(?<![\d.]){_MONTH} ?月?(?: ?\d{{1,2}} ?日)? ?[~\-・] ?(?:翌年?)?{_MONTH} ?月(?![間額に])(?: ?\d{{1,2}} ?日)?"
        ),
        rf"(?<![\d.,/]){_MONTH} ?月(?![間額])(?: ?\d{{1,2}} ?日)?",
        r"(?<![\d.,/])20\d\d(?=[\s年)~\-:]|$)|(?<![\d.,/])20\d\d(?: ?[~\-] ?20\d\d)",
        (
            r"(?<![\d:A-Za-z\-])(?:2[0-4]|1\d|0?\d):[0-5]\d(?: ?[~\-] ?(?:2[0-4]|1\d|0?\d):[0-5]\d)?"
            r"(?![\d:人名件回団校社個世%割か箇])|(?<!\d)\d{1,2}時(?!間)(?:\d{1,2}分|半)?"
        ),
        # days of the week in brackets, which are no month: (月・水・金); (月) alone behind 週
        r"(?<=\()[月火水木金土日](?:曜日?)?(?:[・、,/ ]?[月火水木金土日](?:曜日?)?)+(?=\))",
        r"(?<=\()[月火水木金土日]曜日?(?=\))",
        r"(?:(?<=\d\()|(?<=[回日件名人]\())月(?=\)(?: ?[・、,]?\([火水木金土日]\)))",
        r"(?<=週\d[回日度]\()月(?=\))|(?<=毎週\()月(?=\))|(?<=週に\d[回日度]\()月(?=\))",
        # ages, school years
        r"(?:満)?\d{1,3}(?: ?(?:歳|才))?(?: ?[~\-] ?\d{1,3})? ?(?:歳|才)(?:代|児)?(?:以上|以下|未満|まで)?",
        r"\d{2}(?:[~\-・、,/]\d{2}){0,4} ?代(?![表替理金わ行目])(?:前半|後半|以上|以下)?",
        (
            r"(?:小学?|中学?|高校?|大学?)? ?\d(?: ?[~\-・、] ?\d)? ?(?:年生|学年|年次|回生"
            r"|年制)|(?:小学|中学|小|中|高)\d(?!\d|[人名件回団校社,.])"
        ),
        # ordinals
        r"第 ?[1-4一-四] ?四半期|第 ?[\d一二三四五六七八九十]{1,4}(?: ?[回期版条号章次週日部弾話位者四])?",
        (
            r"\d{1,3} ?(?:~|-)? ?\d{0,3} ?(?:(?:年度?|期|回|人|番|日|週|[かカヶケヵ箇]月|校|件|か所)目(?![標指安途])"
            r"|位|号(?:室|線|館|店)?"
            r"|丁目|番地?|条|学期|期生?(?!間|待)|次(?:元|産業|利用|募集|審査|避難|救急|面接"
            r"|試験)?|類(?!似|型)|密|級|限目|コマ目(?!標))"
        ),
        r"\d{1,3} ?分の ?(?:\d{1,3}|[一二三四五六七八九])(?!\d)",
        # codes and names
        r"(?<![\d.])\d{1,2}-\d{1,2}(?=:)",
        r"(?<![A-Za-z])(?:CO2|K6(?!\d)|GHQ-?\d{2}|PHQ-?\d|PM2\.5|H2O|N[1-5](?!\d)|[AB][1-6](?!\d)(?=サイズ|判|用紙|版|の|両面|カラー|チラシ))",
        r"(?<![A-Za-z])(?:No|NO|no|№|Ver|ver|Vol|vol|Web|SDGs?)\.? ?(?:目標|ゴール)?\d+(?:[.\-]\d+)*",
        (
            rf"(?:アウトカム|アウトプット|様式|別紙|項目|フェーズ|ステップ|STEP|Phase|問) ?"
            rf"[\d\-.]+(?![\d,.]*{_COUNTERS})"
        ),
        r"(?<![A-Za-z0-9])(?!PV|UU)[A-Za-z]{1,12}[.\-]?\d+(?:[.\-]\d+)*(?![\d,.]*[一-龥ァ-ヶ%])(?!\d)",
        (
            r"(?<![\d.])(?:24(?:時間| ?[hH](?![A-Za-z]))(?: ?(?:体制|対応|営業|開放|相談|利用))?|365日|4K|5G|3D|1on1|1対1"
            r"|[1一]人[1一ひ](?:人|とり)|[1一]つ[1一]つ)"
        ),
        # durations; how often in a year or month is read before
        (
            r"(?<![\d.,])\d{1,3} ?(?:[~\-] ?\d{1,3} ?)?[かカヶケヵ箇]?年(?:間|以上|以内|未満|程度|半|後|前"
            r"|経過|ごと|おき|計画)*(?:で|に|の)?"
        ),
        (
            r"(?<![\d.,])\d{1,3} ?(?:[~\-] ?\d{1,3} ?)?(?:[かカヶケヵ箇]月|週間|日)(?:間)?(?:以上"
            r"|以内|未満)?(?:の間隔|後|前|経過|継続|おき)"
        ),
        # the whole of a scale
        r"\d{1,3} ?(?:段階|件法|点満点|点中)(?:中|評価|尺度|評定|法|のうち)*",
    )
)
# per year and per month, which name a duration of one: kept for reading
_KEPT = re.compile(
    r"(?<![\d.,])[1一] ?(?:年|[かカヶケヵ箇]月)(?:間)? ?(?:に|で|当たり|あたり|につき|当り)|/ ?1? ?年"
)


def mask(folded: str) -> str:
    """The folded text, as long as before, with everything masked that holds digits and is no amount."""
    covered = bytearray(len(folded))
    for point in find_points(folded):
        _cover(covered, point.start, point.end)
    text = _masked(folded, covered)
    for pattern in _PATTERNS:
        found = [
            match
            for match in pattern.finditer(text)
            if MASK not in match.group() or match.group()[0] in "「『“"
        ]
        for match in found:
            _cover(covered, match.start(), match.end())
        text = _masked(folded, covered) if found else text
    for match in _KEPT.finditer(folded):
        covered[match.start() : match.end()] = bytes(match.end() - match.start())
    return _masked(folded, covered)


def _cover(covered: bytearray, start: int, end: int) -> None:
    covered[start:end] = b"\x01" * (end - start)


def _masked(folded: str, covered: bytearray) -> str:
    if not any(covered):
        return folded
    return "".join(MASK if hidden else letter for letter, hidden in zip(folded, covered, strict=True))
