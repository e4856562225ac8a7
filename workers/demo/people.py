"""Everybody who signs in to the demo. Knows no Django."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import NamedTuple

DEMO_PASSWORD = "minori-demo-2022"  # noqa: S105 - everybody's, and printed at every start

ADMINISTRATOR = "administrator"
"""Not a house: who looks after the installation."""


@dataclass(frozen=True, kw_only=True)
class Somebody:
    """A person of the demo. `roles` are roles by house: a distributor's or an organization's address."""

    key: str
    name: str
    roles: dict[str, str]
    sees: str
    kana: str = ""
    phone: str = ""

    @property
    def email(self) -> str:
        """The address to sign in with."""
        return f"{self.key}@example.jp"


class SignIn(NamedTuple):
    """Who signs in, with which address and password, and what they see then."""

    who: str
    address: str
    password: str
    sees: str


# The houses of the historical report are real: their people are named by their function only.
PEOPLE = (
    Somebody(
        key="saeki",
        name="佐伯 真理",
        kana="さえき まり",
        phone="03-0000-0001",
        roles={"minori-zaidan": "officer"},
        sees="programme officer of みのり地域財団: the current programme, reports to read",
    ),
    Somebody(
        key="ohno",
        name="大野 健",
        kana="おおの けん",
        phone="03-0000-0002",
        roles={"minori-zaidan": "officer"},
        sees="programme officer, leads the other half of the grants",
    ),
    Somebody(
        key="miura",
        name="三浦 恵子",
        kana="みうら けいこ",
        roles={"minori-zaidan": "manager"},
        sees="manager: also sets up programmes and people",
    ),
    Somebody(
        key="kawamura",
        name="川村 亮",
        kana="かわむら りょう",
        roles={"minori-zaidan": "reader"},
        sees="reader: sees everything, decides nothing",
    ),
    Somebody(
        key="kotoba",
        name="森田 さくら",
        kana="もりた さくら",
        roles={"kotoba": "approver"},
        sees="ことばの橋: a report that came back with comments",
    ),
    Somebody(
        key="kotoba-editor",
        name="ガルシア 美奈",
        kana="がるしあ みな",
        roles={"kotoba": "editor"},
        sees="the same, as an editor who cannot hand in",
    ),
    Somebody(
        key="tomarigi",
        name="岡本 悠",
        kana="おかもと ゆう",
        roles={"tomarigi": "approver"},
        sees="若者のとまり木: an overdue report, half written; a plan to confirm",
    ),
    Somebody(
        key="akatsuki",
        name="藤井 拓也",
        kana="ふじい たくや",
        roles={"akatsuki": "approver"},
        sees="あかつき: a report with an extension; a change of plan that waits",
    ),
    Somebody(
        key="tsumugi",
        name="小林 文",
        kana="こばやし あや",
        roles={"tsumugi": "approver"},
        sees="つむぎ: a report that was accepted",
    ),
    Somebody(
        key="hidamari",
        name="中村 陽子",
        kana="なかむら ようこ",
        roles={"hidamari": "approver"},
        sees="ひだまり: a report handed in, with photos",
    ),
    Somebody(
        key="minamo",
        name="松本 誠",
        kana="まつもと まこと",
        roles={"minamo": "approver"},
        sees="みなも会: a report handed in late",
    ),
    Somebody(
        key="inaho",
        name="井上 実",
        kana="いのうえ みのる",
        roles={"inaho": "approver"},
        sees="稲穂福祉会: no report required this time",
    ),
    Somebody(
        key="suzuran",
        name="清水 香織",
        kana="しみず かおり",
        roles={"suzuran": "approver"},
        sees="すずらん: two grants in one organization",
    ),
    Somebody(
        key="takahashi",
        name="高橋 由美",
        kana="たかはし ゆみ",
        roles={"hidamari": "editor", "suzuran": "reader"},
        sees="one person in two houses: writes in ひだまり, reads in すずらん",
    ),
    Somebody(
        key="soyokaze",
        name="石井 和子",
        kana="いしい かずこ",
        roles={"soyokaze": "approver"},
        sees="そよ風: the newer form with mid-term and end states, handed in",
    ),
    Somebody(
        key="komorebi",
        name="原田 直樹",
        kana="はらだ なおき",
        roles={"komorebi": "approver"},
        sees="こもれび: the newer form and the plain English one, both begun",
    ),
    Somebody(
        key="hogo",
        name="日本更生保護協会 担当者",
        roles={"hogo-kyokai": "manager"},
        sees="the historical programme: the real report of 2022-10-14",
    ),
    Somebody(
        key="seishinryo",
        name="清心寮 担当者",
        roles={"seishinryo": "approver"},
        sees="清心寮: the same report from the organization's side",
    ),
    Somebody(
        key="admin",
        name="システム管理者",
        roles={ADMINISTRATOR: ADMINISTRATOR},
        sees="administrator of the installation: distributors and people",
    ),
)


def sign_ins() -> list[SignIn]:
    """Everybody who can sign in to the demo, those with the most to see first."""
    return [SignIn(who=one.name, address=one.email, password=DEMO_PASSWORD, sees=one.sees) for one in PEOPLE]


def sign_ins_told(*, known: Collection[str]) -> str:
    """The same as lines for a terminal, of those whose addresses are `known` to the installation."""
    everybody = [one for one in sign_ins() if one.address in known]
    width = max((len(one.address) for one in everybody), default=0)
    lines = [f"  {one.address:<{width}}  {one.who}: {one.sees}" for one in everybody]
    return "\n".join([f"Demo sign-ins (password for all: {DEMO_PASSWORD})", *lines])
