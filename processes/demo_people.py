"""The people of the demonstration city: invented names, log-ins that speak (`u20.liaison`)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import count

from sqlalchemy import Connection, insert

from engine.ids import new_id
from engine.people.divisions import POST as DIVISION_POST
from engine.people.names import person_spelling
from engine.people.tables import Membership, Unit, UserAccount
from processes.innovation.review_records import InnovationExpert
from processes.tables import table_of

USERS = table_of(UserAccount)
MEMBERSHIPS = table_of(Membership)
EXPERTS = table_of(InnovationExpert)

UNIT_POSTS = ("liaison", DIVISION_POST, "deputy", "head")

OFFICE_POSTS: tuple[tuple[str, str], ...] = (
    ("office.staff", "市考评办"),
    ("office.reviewer", "市考评办"),
    ("office.head", "市考评办"),
    ("review.finance", "市财政局"),
    ("review.legal", "市法制办"),
    ("review.reform", "市发改委"),
    ("committee.secretary", "市综合考评委员会(市绩效管理委员会)"),
    ("city.leader", "杭州市"),
    ("supervision", "市纪委"),
    ("admin.system", "市考评办"),
    ("admin.security", "市考评办"),
    ("admin.audit", "市审计局"),
    ("designer", "市考评办"),
    ("survey.staff", "市统计局"),
    ("appeal.reviewer", "市审计局"),
    ("appeal.lead", "市审计局"),
)
"""Posts seated at the assessor: the log-in is the post, the second part where its holder sits."""

YEAR_END_POSTS: tuple[tuple[str, str, str, bool], ...] = (
    ("data.statistics", "data.statistics", "市统计局", True),
    ("assess.group", "assess.group", "市考评办", True),
    ("assess.second", "assess.second", "市考评办", True),
    ("assess.leader", "assess.leader", "市考评办", True),
    ("stat.liaison", "liaison", "市统计局", False),
    ("stat.head", "head", "市统计局", False),
)
"""Log-in, post, where its holder sits, and whether the post is the assessor's. They come last, so that
everybody else keeps their name."""

LEADER_POST = "city.leader"
LEADERS = 5
"""So many leaders score the units (`city.leader`, `city.leader2` …): fewer would not be secret."""

EXPERT_POST = "expert"
EXPERT_FIELDS = ("经济建设", "政治建设", "文化建设", "社会建设", "生态建设", "经济建设", "社会建设")
"""What the invented experts (`expert1` …) know: domains of the topic catalogue. They sit in no unit."""

SURNAMES = (
    "王李张刘陈杨黄赵周吴徐孙朱马胡郭林何高梁郑罗宋谢唐韩曹许邓萧冯曾程蔡彭潘袁于董余苏叶吕魏蒋田杜丁沈姜"
)
GIVEN = (
    "建国", "志强", "晓峰", "立新", "文博", "思远", "海燕", "静怡", "慧敏", "春梅", "国华", "雪莹", "永康",
    "明德", "佳宁", "子涵", "俊杰", "淑芬", "卫东", "丽娟", "振宇", "天一", "若兰", "宏伟", "一鸣", "秋实",
    "清扬", "云帆", "玉珍", "景行", "嘉懿", "望舒", "怀瑾", "知远", "瑞雪", "承志", "书恒", "安澜", "晨曦",
    "修远", "润泽",
)  # fmt: skip


@dataclass(frozen=True)
class Login:
    """Who can log in: the log-in, the person's name, the unit and the post's key."""

    login: str
    name: str
    unit: str
    post: str


def names() -> Iterator[str]:
    """Invented names without end, always in the same order, none twice: beyond two thousand with a number."""
    for repeat in count(1):
        for turn in range(len(SURNAMES)):
            for index, given in enumerate(GIVEN):
                name = SURNAMES[(index * 7 + turn * 11) % len(SURNAMES)] + given
                yield name if repeat == 1 else f"{name}{repeat}"


def add_people(
    connection: Connection,
    units: Sequence[Unit],
    *,
    assessor: Unit,
    home_of: dict[str, Unit],
    divisions: Mapping[str, Sequence[Unit]],
    password_hash: str,
    at: datetime,
    from_on: date,
) -> list[Login]:
    """Three people for each unit, one for each division and each post of the assessor; who they are.

    `divisions` gives a unit's divisions by its id, at least one. The first one's person logs in as
    `u20.division`, the next one's as `u20.division2`.
    """
    invented = names()
    users: list[dict[str, object]] = []
    places: list[dict[str, object]] = []
    logins: list[Login] = []

    def add(login: str, home: Unit, seat: Unit, post: str) -> None:
        name = next(invented)
        user = _user(login, name, password_hash, at)
        users.append(user)
        places.append(_membership(str(user["id"]), home=home, seat=seat, post=post, from_on=from_on))
        logins.append(Login(login, name, home.name, post))

    for post, home in OFFICE_POSTS:
        add(post, home_of[home], assessor, post)
    for unit in units:
        for post in UNIT_POSTS:
            seat = divisions[unit.id][0] if post == DIVISION_POST else unit
            add(f"{unit.code.lower()}.{post}", seat, seat, post)
    for unit in units:
        for number, seat in enumerate(divisions[unit.id][1:], 2):
            add(f"{unit.code.lower()}.{DIVISION_POST}{number}", seat, seat, DIVISION_POST)
    for login, post, home, at_assessor in YEAR_END_POSTS:
        add(login, home_of[home], assessor if at_assessor else home_of[home], post)
    known: list[dict[str, object]] = []
    for number, domain in enumerate(EXPERT_FIELDS, 1):
        add(f"{EXPERT_POST}{number}", assessor, assessor, EXPERT_POST)
        known.append({"user_id": users[-1]["id"], "fields": [domain], "units": [], "changed_at": at})
    for number in range(2, LEADERS + 1):
        add(f"{LEADER_POST}{number}", assessor, assessor, LEADER_POST)
    connection.execute(insert(USERS), users)
    connection.execute(insert(MEMBERSHIPS), places)
    connection.execute(insert(EXPERTS), known)
    return logins


def _user(login: str, name: str, password_hash: str, at: datetime) -> dict[str, object]:
    return {
        "id": new_id(),
        "login": login,
        "name": name,
        "pinyin": person_spelling(name),
        "phone": "",
        "email": "",
        "password_hash": password_hash,
        "must_change_password": False,
        "failed_count": 0,
        "active": True,
        "created_at": at,
    }


def _membership(user_id: str, *, home: Unit, seat: Unit, post: str, from_on: date) -> dict[str, object]:
    return {
        "id": new_id(),
        "user_id": user_id,
        "unit_id": seat.id,
        "home_id": home.id,
        "post_key": post,
        "from_on": from_on,
        "is_primary": True,
    }
