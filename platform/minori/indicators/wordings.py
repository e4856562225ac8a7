"""Words that stand where a number could: none, the same, to be set later, a state reached. Folded text only."""

import re

from minori.indicators.measures import Kind

# what may stand around a word without changing what it says
_MARKS = re.compile(r"^[\s・●○■□◆◇▪•*※'\"。、.:]+|[\s。、.]+$")
_REMARK = r"(?: ?\([^()]{0,80}\))*"

NOTHING = re.compile(
    r"(?:特に|該当(?:者)?|記入|記載|設定|回答|初期値(?:は)?|目標値(?:は)?|データ(?:は)?"
    r"|実績(?:は)?)?(?:な ?し|無 ?し|ナシ)"
    r"|記入無|未記入|未登録|空欄|該当せず|設定(?:し|されて)(?:てい)?ない|設定せず|対象外"
    r"|[-ー―─‐─_/]{1,4}|n/?a|n\.a\.|none|nil|nothing|not applicable|no target|no baseline",
    re.IGNORECASE,
)
NOTHING_WITH_REMARK = re.compile(rf"(?:{NOTHING.pattern}){_REMARK}", re.IGNORECASE)
NO_BASELINE = re.compile(
    "(?:[^。\n]{0,60}(?:ため|ので|から|前で)、?)?(?:初期(?:値|状態)|目標(?:値|状態)?)?(?:は"
    "|:)?(?:なし|無し|ナシ)"
)
THE_SAME = re.compile(
    r"\(?(?:以下)?(?:同上|同左|同右|同じ|同様|〃|々|〻|\"|''|上に同じ|上記(?:に|と)?(?:同じ"
    r"|同様|同)|左記?(?:に|と)同じ|前項と同じ|前に同じ)\)?"
    r"|(?:[①-⑳]|\(?[\d.\-]{1,8}\)?|[A-Za-z][.\d]{0,6}|アウトカム|アウトプット|短期アウトカム"
    r"|指標|目標値?|上記|前項|※)"
    r"[①-⑳\d.\-]{0,8}(?:に|と)(?:同じ|同様|同内容|同一)(?:です)?"
    r"|same(?: as (?:above|before|the above|no\. ?\d+|\d+))?|ditto|as above",
    re.IGNORECASE,
)
_SETTING = "設定|決定|測定|計測|調査|算出|策定|確定|集計|定め|決め"
UNDECIDED = re.compile(
    rf"(?:未定|検討中|設定中|調整中|調査中|集計中|測定中|未設定|未測定|未計測|未調査|未把握"
    rf"|要調査|要検討|要確認|追って(?:設定|決定|連絡)?|後日(?:設定|決定)?"
    rf"|(?:別途|今後|追って|後日|(?:[^。\n、]{{0,20}}?(?:評価|調査|開始|採択|契約|ヒアリング"
    rf"|アンケート|実施|年度|最初|初回|初期|計画|時点?|後)))(?:時点?|前|後|直後)?"
    rf"(?:に|で|の際に|の結果(?:を踏まえて?|で|により)?|を行って(?:から)?|を踏まえて?"
    rf"|により|にて|を|、)*[^。\n]{{0,14}}?(?:{_SETTING})"
    rf"(?:する|します|いたします|予定|を行う|をする|していく|る)*(?:予定|こと|もの)?(?:である|です|とする)?"
    rf"|[^。\n]{{0,24}}(?:{_SETTING}|把握|アンケート|ヒアリング|検討|確認)(?:を|は"
    rf"|の|調査)?(?:実施|行う)?(?:する)?予定(?:である|です)?"
    r"|(?:アンケート|ヒアリング|調査)[^。\n]{0,20}(?:により|で|にて|を)[^。\n]{0,12}(?:調査|把握|設定|測定)(?:する)?"
    r"|(?:(?:target|baseline|value|will|is|are|to be) )*(?:to be (?:set|determined"
    r"|decided|defined|confirmed|agreed)[^.]{0,40}|tb[dca]|not yet (?:set|decided"
    r"|known)|undecided))",
    re.IGNORECASE,
)
STATE_WORDS = re.compile(
    rf"(?:[○◯×✕△]|有|無|有り|あり|有無|実施済み?|未実施|達成|未達成|完了|未完了|できた|yes|no){_REMARK}",
    re.IGNORECASE,
)
_REACHED = (
    "完成|提出|実施|開催|作成|制作|製作|向上|増加|改善|設置|構築|達成|確立|公開|配布"
    "|参加|発表|運営|開始|整備|提供|取得|共有|強化|促進|拡大|確保|解消|継続|形成"
    "|実現|"
    "普及|定着|醸成|軽減|減少|理解|連携|活用|発信|周知|発足|設立|検討|活性化|商品化"
    "|法人化|稼働|開発|育成|習得|獲得|参画|活動|支援|開設|企画|開拓|採用|導入|策定"
)
_STATE = re.compile(
    rf"(?:状態|状況|環境|体制|姿|る|た|ない|いる|ある|たい|い|う|く|す|む|ぶ|つ|ぬ"
    rf"|ます|です|済み?|ず|こと|未実施|未開催|実施済|完了|関係|未[一-龥]{2}|不[一-龥]{1, 2}"
    rf"|なし|無し|無|{_REACHED})(?:である|にある|となる|になる|だ)?$"
)
_STATE_ENGLISH = re.compile(
    r"\b(?:is|are|has|have|can|will be|been|able to|established|in place|completed?)\b", re.IGNORECASE
)
ALL = re.compile(
    r"(?:(?:参加者|対象者|受講者|利用者|受益者|関係者|会員|回答者|生徒|児童|スタッフ|団体)(?:の)?)?"
    r"(?:全員|全て|すべて|全数|毎回|全(?:団体|校|世帯|社|組織|施設|家庭|参加者|対象者"
    r"|受講者|利用者|事業所|地域|地区|市町村|件|回|拠点))(?:参加|実施|達成|修了|完了)?"
    r"|all(?: (?:of them|participants|members|organi[sz]ations|schools|people|children"
    r"|households))?|every ?one|every time",
    re.IGNORECASE,
)
ALL_WITHIN = re.compile(
    r"(?<![不安])(?:全員|全ての|すべての|全(?:団体|校|世帯|組織|施設|家庭|参加者|対象者"
    r"|受講者|利用者))(?:[^。\n]{0,30}?)[がにでは]"
)
END_OF_PROJECT = re.compile(
    r"(?:・ ?)?(?:本|当|この|助成)?(?:事業|助成|プロジェクト|プログラム|支援|活動)?(?:の)?(?:事業"
    r"|助成|実施)?(?:期間)?(?:の|が)?"
    r"(?<!^)(?:全て|すべて)?(?:終了|完了)(?:した)?(?:時点?|日|時?まで|までに|時期)?(?:に)?(?:\([^()]{0,20}\))?"
    r"|事業期間(?:終了|末|の末)(?:時|まで)?(?:に)?|(?:事業|助成|実施)?期間(?:の)?(?:最終日|末日)(?:まで)?"
    r"|(?:by |at )?(?:the )?project completion"
    r"|(?:by |at )?(?:the )?(?:end|completion|close) of (?:the )?(?:project|programme|program|grant)(?: period)?",
    re.IGNORECASE,
)
ONGOING = re.compile(
    r"(?:(?:毎|各)(?:年度?|月|週|日|回|事業年度|学期)(?:終了)?(?:末?時点|時|末|度末|度)?"
    r"|随時|通年|常時|継続(?:的に?|して)?(?:実施)?|都度|その都度|適宜|定期的に?|年間を?通(?:じて"
    r"|して)"
    r"|(?:本|当)?(?:事業|助成|活動|実施|プロジェクト)期間(?:中|内|を通じて|全体)?(?:随時|継続)?|全期間|期間中(?:随時)?|通期|(?:毎|各)年度?(?:の)?\d{1,2}月(?:末|頃|ごろ)?"
    r"|ongoing|continuous(?:ly)?|every (?:year|month|week|fiscal year|quarter)|annual(?:ly)?"
    r"|monthly|yearly|as needed|throughout(?: the (?:project|year))?)",
    re.IGNORECASE,
)


# what a phrase can be as a whole, and whether it then says nothing else
WHOLE = (
    (NOTHING, Kind.NONE, True),
    (NOTHING_WITH_REMARK, Kind.NONE, False),
    (NO_BASELINE, Kind.NONE, True),
    (THE_SAME, Kind.SAME, True),
    (STATE_WORDS, Kind.STATE, True),
)


def without_marks(folded: str) -> str:
    """The words of a short phrase without marks, quotation signs and full stops around them."""
    return _MARKS.sub("", _MARKS.sub("", folded))


def is_state(folded: str) -> bool:
    """Whether words without a number describe a state (…している状態, …ができる), rather than name a thing."""
    words = re.sub(r"(?: ?\([^()]*\))+$", "", without_marks(folded))
    lines = [without_marks(line) for line in words.split("\n")]
    return any(
        _STATE.search(sentence) or _STATE_ENGLISH.search(sentence)
        for line in lines
        for sentence in line.split("。")
        if sentence
    )
