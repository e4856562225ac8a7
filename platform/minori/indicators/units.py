"""The words behind numbers: what is counted, how it is meant, and what one amount is counted over."""

import re

from minori.indicators.measures import Kind, Per

_KA = "[かカヶケヵ箇個ｹｶ]"
# Longest first: 市町村 before 市, 日間 before 日. Alphabetic ones are matched as whole words.
_WORDS = (
    "社会福祉法人 社会福祉協議会 中間支援組織 支援団体 実行団体 連携団体 協力団体 "
    "市町村 都道府県 自治体 自治会 町内会 町会 団体 法人 組織 機関 企業 会社 事業者 "
    "事業所 "
    "事業体 事業 施設 拠点 世帯 家庭 家族 店舗 店 学校 小学校 中学校 高校 大学 校区 "
    "学区 保育園 幼稚園 園 校 社 地域 地区 エリア 集落 名様 名分 名 人工 人日 人分 "
    "人時間 人 者 "
    "市区町村 市町 こ 組 親子 ペア 件数 件 回答 回線 回 部署 部屋 部 プロジェクト "
    "プログラム コンテンツ コミュニティ コース クラス チーム グループ サークル ケース "
    "セット パターン タイトル "
    "カリキュラム モデル バリエーション ページ 頁 ポイント 点 項目 事例 例 講座 講義 "
    "教室 企画 作品 記事 動画 資料 言語 種類 種目 種 品目 品種 品 商品 製品 食分 "
    "食 袋 箱 枚 "
    "冊 台 着 足 本 個 棟 戸 軒 室 床 席 口 票 通 筆 頭 匹 羽 株 杯 缶 瓶 束 便 隻 "
    "艘 両 基 曲 案 施策 制度 属性 分野 業種 職種 部門 カテゴリー 区画 圃場 "
    "平方メートル 平米 ヘクタール アール キログラム キロメートル キロ グラム メートル "
    "センチ トン リットル ワット 度 ℃ 千円 万円 百万円 億円 円 ドル 時間 分間 分 "
    "秒 日間 日 "
    "週間 週 泊 倍 割合 段階 レベル 市 町 村 区 県 国 大会 場 会場 会 ブース ゾーン "
    "品種 束 票 アカウント フォロワー ユーザー ダウンロード ビュー クリック アクセス "
    "いいね "
    "コマ ヶ国 ベッド 定員 名義 つ 社会資源 ボランティア スタッフ コーディネーター "
    "メンター 支部 支店 路線 ルート コンビニ 駅 公園 農家 農園 ㎡ ㎏ ㎞ ㍑ 寺 館 "
    "番組 紙面 紙 誌 局 "
    "モジュール 教材 マニュアル アイテム メニュー レシピ イベント 周 巡 席分 講演 "
    "論文 人称 センター 交流センター 児童 生徒"
)
_LATIN = (
    "pv uu view views pt pts kg km cm mm kwh kw ha ml kl l t g m m2 h hr hrs min "
    "mins usd jpy yen people persons person participants organizations organisations "
    "schools households times time sessions events cases members staff volunteers "
    "families children students youths companies workshops meetings days hours months "
    "visits points copies places sites communities villages farmers women men groups "
    "projects reports partners trees units stores"
)
_KNOWN = "|".join(
    [
        rf"{_KA}(?:所|国語|国|村|条|寺|町|店|月)",
        *sorted(map(re.escape, _WORDS.split()), key=len, reverse=True),
    ]
)
UNIT = re.compile(
    rf"(?P<percent> ?(?:%|パーセント|percent\b|per cent\b))|(?P<tenths> ?割)(?!引|り)"
    rf"|(?P<known> ?(?:以上)?(?:つ)?(?:もの|の)?(?:{_KNOWN}))"
    rf"|(?P<latin> ?(?:{'|'.join(sorted(map(re.escape, _LATIN.split()), key=len, reverse=True))})(?![A-Za-z]))"
    r"|(?P<other>[A-Za-z]{1,15}(?![A-Za-z])|[ァ-ヶー]{2,20}|[一-龥]{1,2}(?![一-龥])"
    r"|[一-龥]{1,6}(?:[ァ-ヶー]{1,12})?"
    r"| (?!(?:per|of|to|in|or|and|by|at|for|out|from|with|are|is|more|less|times|up|down|through)\b)[a-z]{3,15}\b)",
    re.IGNORECASE,
)
# 「10（件）」
BOXED = re.compile(rf" ?\( ?(?P<word>{_KNOWN}|%) ?\)")
BEFORE = re.compile(
    r"(?:(?P<at_least>少なくとも|最低でも|最低|at least|more than|over|minimum(?: of)?"
    r"|≧|>=|≥|(?<![-=])>)"
    r"|(?P<at_most>最大でも|最大|最高|上限|多くとも|up to|at most|no more than|not more than|not exceeding"
    r"|fewer than|less than|under|≦|<=|≤|<)"
    r"|(?P<about>約|およそ|おおよそ|おおむね|概ね|ほぼ|凡そ|about|around|approximately|approx\.?|some|roughly|ca\.)"
    r"|(?P<total>のべ|延べ|述べ|(?<![遅順圧])延|累計で?|累積で?|合計で?|総計で?|通算|総勢|全体で"
    r"|トータルで?|(?<![設統推会時集家余])計|(?<=[^一-龥])総|in total|a total of|total(?: of)?)"
    r"|(?P<plus>プラス|(?<![\d)])\+)|(?P<minus>マイナス|[▲△]|(?<![\d\w)])-)|(?P<each>各)|(?P<filler>全|実数?|実人数))[ :]*$",
    re.IGNORECASE,
)
AFTER = re.compile(
    r" ?(?:(?P<at_least>以上|超え?(?:る|て(?:いる)?|た)?|を超え(?:る|て(?:いる)?|た)?"
    r"|を?上回(?:る|った|って(?:いる)?)|or more|\+(?!\d)|(?:を)?下回らない)"
    r"|(?P<at_most>以下|以内|未満|を?下回(?:る|った|って(?:いる)?)|or less|or fewer|が?上限|を上限)"
    r"|(?P<about>程度|前後|ほど|くらい|ぐらい|近く|強(?![化いく])|弱(?![者い])|内外|余り?|超程度)"
    r"|(?P<total> ?[(]?(?:延べ|のべ|累計|合計|累積|延|延人数|延べ人数)[)])|(?P<real>\((?:実数"
    r"|実人数|実績|実|新規)\))|(?P<only>のみ|だけ)|(?P<until>まで(?![にで増減]|と?(?:向上"
    r"|上昇|改善|低下|拡大|削減|上が|下が|伸)))|(?P<share>の割合))",
    re.IGNORECASE,
)
KINDS = {"at_least": Kind.AT_LEAST, "at_most": Kind.AT_MOST, "about": Kind.ABOUT}
# what stands right before a number (or at the head of its label) and says over what it is counted
_YEAR = (
    r"(?:(?:毎|各|(?<!\d)1|(?<![前昨今本来次同初翌周少青中生学成定通新元平近例当隔半数始終業度後]))年(?:間)?(?:平均)?(?:に"
    r"|で|間で|あたり|当たり|につき)?|年間を通じて|年額|年商|年収|per year|annually|yearly)"
)
_MONTH = (
    rf"(?:(?:毎|各|ひと)月(?:平均)?|(?<![今来先翌前同正生満歳隔かカヶケヵ箇ｹ])月(?:間"
    rf"|平均|に|あたり)*|(?<!\d)1 ?{_KA}月(?:間)?(?:平均)?(?:に|で|あたり|当たり|につき)?"
    rf"|月額|月給|monthly)"
)
_FISCAL = r"(?:(?:毎|各|(?<!\d)1|単|(?<![一-龥\d]))年度(?:ごと|毎|内|間)?(?:に|で|あたり|当たり|につき)?)"
_EACH = r"(?:に?つき|に?あたり|当たり|当り|あたりの|ごとに?|毎に?)"
_OCCASIONS = "回|開催|イベント|講座|講演|コマ|セッション|クール|ケース会議"
_BODIES = "団体|実行団体|組織|法人|事業者|事業所|社|企業"
_OCCURRENCE = (
    rf"(?:毎回|各回|(?<!\d)[1一] ?(?:{_OCCASIONS})(?:{_EACH}|の?(?:平均|参加者|参加人数"
    rf"|来場者|利用者)数?)?|(?:{_OCCASIONS}){_EACH}|per (?:occurrence|session|event"
    rf"|time))"
)
_ORGANIZATION = (
    rf"(?:各団体|各社|各組織|(?<!\d)1 ?(?:{_BODIES}){_EACH}|(?:{_BODIES}){_EACH}|per organi[sz]ation)"
)
PER_BEFORE = (
    (Per.FISCAL_YEAR, re.compile(rf"{_FISCAL}[、,の ]*$")),
    (Per.YEAR, re.compile(rf"{_YEAR}[、,の ]*$", re.IGNORECASE)),
    (Per.MONTH, re.compile(rf"{_MONTH}[、,の ]*$", re.IGNORECASE)),
    (Per.OCCURRENCE, re.compile(rf"{_OCCURRENCE}[、,の ]*(?:平均)?$", re.IGNORECASE)),
    (Per.ORGANIZATION, re.compile(rf"{_ORGANIZATION}[、,の ]*(?:平均)?$", re.IGNORECASE)),
)
PER_WITHIN = (
    (Per.FISCAL_YEAR, re.compile(r"(?:各|毎)年度|年度ごと|年度毎")),
    (
        Per.YEAR,
        re.compile(r"年間(?!計画|行事|予定|を通)|毎年|年額|年収|年商|[(/]年[)/]|1年(?:間に|あたり|当たり)"),
    ),
    (Per.MONTH, re.compile(r"月間|毎月|月平均|[(/]月[)/]|月あたり|月当たり|月額|月収|月給|月商")),
    (Per.OCCURRENCE, re.compile(rf"毎回|各回|1回{_EACH}")),
    (Per.ORGANIZATION, re.compile(rf"各団体|1 ?団体{_EACH}")),
    (
        Per.TOTAL,
        re.compile(
            r"延べ|のべ|累計|合計|総計|累積|総数|延人数|通算|(?:事業|助成)?期間(?:中|内|を通じて)|\d年間で"
        ),
    ),
)
ODD_BEFORE = re.compile(
    rf"(?P<week>(?:毎|(?<!\d)1)?週(?:間)?(?:平均)?(?:に|あたり|当たり)?)[、,の ]*$"
    rf"|(?P<day>(?:毎日|(?<!\d)1日(?:平均)?(?:に|あたり|当たり)?|(?<![一-龥ァ-ヶー])日に))[、,の ]*$"
    rf"|(?P<half>(?:半年|四半期|半期|学期)(?:間)?(?:に|で|ごとに|毎に|あたり)?)[、,の ]*$"
    rf"|(?P<span>(?:\d{{1,2}} ?[~\-] ?)?\d{{1,2}} ?(?:{_KA}月|週間|週|日|年)(?:間)?(?:に"
    rf"|で|ごとに|毎に|あたり))[、,の ]*$"
    rf"|(?P<each>(?:各|(?<!\d)1 ?)(?:校|人|世帯|家庭|地域|地区|{_KA}所|施設|拠点|クラス"
    rf"|コース|日|事業|講座|チーム|グループ|店舗|名|社)(?:{_EACH}|に)?)[、,の ]*$"
)
PER_AFTER = re.compile(
    rf" ?(?:/ ?1? ?(?P<slash>年度|年間|年|{_KA}月|月間|月|週間|週|日|回|開催|団体|組織"
    rf"|法人|人|名|校|世帯|コース|クラス|事業|地域|地区|{_KA}所|拠点|施設|講座|時間"
    rf"|社|件|グループ|チーム|コマ|year|month|week|session)(?<![月年回週日])(?![一-龥ァ-ヶ]"
    rf"|\d)"
    rf"|/ ?1? ?(?P<often>年度|年間|年|{_KA}月|月間|月|週間|週|日|回|開催)(?![代末生少齢額謝曜答収復本常数\d]"
    rf"|程(?!度))"
    rf"|/ ?(?P<odd>\d{{1,2}} ?(?:{_KA}月|週間?|日|年))|\((?P<paren>年間|年|月間|月"
    rf"|1回(?:あたり|当たり)|毎月|毎年|毎回|各回|各年度|毎年度|年度|1団体(?:あたり"
    rf"|当たり))\)"
    rf"|(?P<english>(?:per|a|every|each) (?:fiscal year|year|month|week|session|event"
    rf"|time|organi[sz]ation)|annually|monthly))",
    re.IGNORECASE,
)
_PERIODS = {
    "年": Per.YEAR, "年間": Per.YEAR, "毎年": Per.YEAR, "year": Per.YEAR, "annually": Per.YEAR,
    "年度": Per.FISCAL_YEAR, "各年度": Per.FISCAL_YEAR, "毎年度": Per.FISCAL_YEAR, "fiscal year": Per.FISCAL_YEAR,
    "月": Per.MONTH, "月間": Per.MONTH, "毎月": Per.MONTH, "month": Per.MONTH, "monthly": Per.MONTH,
    "回": Per.OCCURRENCE, "開催": Per.OCCURRENCE, "毎回": Per.OCCURRENCE, "各回": Per.OCCURRENCE,
    "1回あたり": Per.OCCURRENCE, "1回当たり": Per.OCCURRENCE, "講座": Per.OCCURRENCE,
    "session": Per.OCCURRENCE, "event": Per.OCCURRENCE, "time": Per.OCCURRENCE,
    "団体": Per.ORGANIZATION, "組織": Per.ORGANIZATION, "法人": Per.ORGANIZATION, "organization": Per.ORGANIZATION,
    "organisation": Per.ORGANIZATION, "1団体あたり": Per.ORGANIZATION, "1団体当たり": Per.ORGANIZATION,
}  # fmt: skip


def period(word: str) -> Per | None:
    """What a word behind a slash or in brackets counts over, or None where it is no period of ours (week, person)."""
    plain = re.sub(r"^(?:per|a|every|each) ", "", word.strip().lower())
    return Per.MONTH if re.fullmatch(f"1? ?{_KA}月", plain) else _PERIODS.get(plain)
