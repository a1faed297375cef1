"""The people of the measured city: ordinary ones, people with very much work, leaders, stand-ins."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from random import Random
from typing import Any

from sqlalchemy import Connection, insert

from engine.clock import VirtualClock
from engine.people.names import fold, person_spelling, spelling
from engine.people.posts import define_posts
from engine.people.tables import Membership, StandIn, Unit, UnitAlias, UserAccount
from engine.runtime.engine import Engine
from engine.store import Database
from engine.work.bindings import Bindings
from processes.tables import table_of
from tests.engine.people.standard_posts import STANDARD_POSTS
from tests.engine.runtime.world import FORMS, accept_all, in_a_row, user

NOW = datetime(2018, 6, 1, 1, 0, tzinfo=UTC)
SINCE = date(2018, 1, 1)
ASSESSOR = "unit-0000"
DESKS = ("liaison", "division", "vice_head", "head")
HEAVY = 20
"""People with 5,000 tasks of their own each, and units whose liaisons have 5,000 together (at full size)."""
LEADERS = 50
AREAS = (
    "上城", "下城", "江干", "拱墅", "西湖", "滨江", "萧山", "余杭", "富阳", "临安", "桐庐", "淳安", "建德",
    "钱塘", "临平", "永定", "武陵源", "慈利", "桑植", "福田", "罗湖", "南山", "宝安", "龙岗", "盐田",
)  # fmt: skip
_BODIES = """
发展和改革局 教育局 科学技术局 公安局 民政局 财政局 人力资源和社会保障局 规划和自然资源局 生态环境局
住房和城乡建设局 交通运输局 水利局 农业农村局 商务局 文化和旅游局 卫生健康委员会 应急管理局 审计局
市场监督管理局 统计局 医疗保障局 综合行政执法局 信访局 档案馆 投资促进局 大数据局 退役军人事务局
林业局 粮食和物资储备局 机关事务管理局 金融工作办公室 体育局 司法局 总工会 团委 妇联 科协 残联
红十字会 工商联
"""
BODIES = tuple(_BODIES.split())
NAMES = {
    "targets": "目标制定", "monitor": "月度监控", "notices": "督办整改", "data": "数据采集",
    "score": "目标考核", "feedback": "结果反馈", "opinions": "社会评价意见整改", "innovation": "创新创优申报",
}  # fmt: skip
STEPS = {"fill": "填报", "check": "审核", "sign": "签发"}
VERSIONS = """
select d.key, v.id from definition d join definition_version v on v.definition_id = d.id
where d.kind = 'process'
"""
_SURNAMES, _GIVEN = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗", "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平"


@dataclass(frozen=True)
class Size:
    """How much there is of everything."""

    units: int
    people: int
    open: int
    finished: int


@dataclass(frozen=True)
class Town:
    """Ids by number; `versions` of the processes by key."""

    size: Size
    units: tuple[str, ...]
    names: tuple[str, ...]
    people: tuple[str, ...]
    versions: dict[str, str]

    @property
    def heavy(self) -> tuple[str, ...]:
        """Who has very much work of their own."""
        return self.people[:HEAVY]

    @property
    def light(self) -> tuple[str, ...]:
        """Who holds no post and has ten tasks: a tenth of all."""
        return self.people[-len(self.people) // 10 :]

    @property
    def standing_in(self) -> tuple[str, ...]:
        """Who does somebody's work meanwhile."""
        return self.people[HEAVY + LEADERS :][: len(self.people) // 50]

    @property
    def leaders(self) -> tuple[str, ...]:
        """Who is in charge of forty units at once, or of as many as there are."""
        return self.people[HEAVY : HEAVY + LEADERS]


def build_town(database: Database, size: Size) -> Town:
    """People, posts and processes; no work yet."""
    return replace_versions(_town(size), _settle(database, _town(size)))


def replace_versions(town: Town, versions: dict[str, str]) -> Town:
    """The same town with the ids of its processes."""
    return Town(town.size, town.units, town.names, town.people, versions)


def find_town(database: Database, size: Size) -> Town:
    """The town that `build_town` laid: ids are numbers, those of the processes are read."""
    with database.read() as connection:
        rows = connection.exec_driver_sql(VERSIONS)
        return replace_versions(_town(size), {row[0]: row[1] for row in rows})


def _town(size: Size) -> Town:
    names = [f"{area}区{body}" for body in BODIES for area in AREAS][: size.units]
    return Town(
        size,
        tuple(f"unit-{n:04d}" for n in range(1, size.units + 1)),
        tuple(names),
        tuple(f"person-{n:05d}" for n in range(size.people)),
        {},
    )


def _settle(database: Database, town: Town) -> dict[str, str]:
    with database.write() as connection:
        define_posts(connection, STANDARD_POSTS)
        _insert(connection, Unit, list(_units(town)))
        _insert(connection, UnitAlias, list(aliases(town)))
        _insert(connection, UserAccount, list(_accounts(town)))
        _insert(connection, Membership, list(_memberships(town)))
        _insert(connection, StandIn, list(_stand_ins(town)))
    bindings = Bindings(services={}, records={}, check_form=accept_all)
    engine = Engine(database, clock=VirtualClock(NOW), bindings=bindings)
    steps = [user(key, "unit.liaison", name=name) for key, name in STEPS.items()]
    files = {
        f"{key}.bpmn": in_a_row(*steps, process=f'id="{key}" name="{name}"') for key, name in NAMES.items()
    }
    engine.deploy(files | FORMS)
    return find_town(database, town.size).versions


def _insert(connection: Connection, table: type[Any], rows: list[dict[str, object]]) -> None:
    if rows:
        connection.execute(insert(table_of(table)), rows)


def _units(town: Town) -> list[dict[str, object]]:
    rows = [_unit(ASSESSOR, "杭州市", "assessor", None)]
    return rows + [
        _unit(unit, name, "district", ASSESSOR) for unit, name in zip(town.units, town.names, strict=True)
    ]


def _unit(unit: str, name: str, kind: str, parent: str | None) -> dict[str, object]:
    return {
        "id": unit, "code": unit, "name": name, "kind": kind, "parent_id": parent, "assessor_id": ASSESSOR,
        "assessed": parent is not None, "pinyin": spelling(name),
    }  # fmt: skip


def aliases(town: Town) -> Iterator[dict[str, object]]:
    """Each unit has its name and a short one, by both of which its work is found."""
    for number, (unit, name) in enumerate(zip(town.units, town.names, strict=True)):
        for kind, alias in (("name", name), ("short", name.replace("区", "").rstrip("局"))):
            yield {
                "id": f"alias-{kind}-{number}", "unit_id": unit, "assessor_id": ASSESSOR, "alias": alias,
                "folded": fold(alias), "kind": kind, "pinyin": spelling(alias),
            }  # fmt: skip


def _accounts(town: Town) -> list[dict[str, object]]:
    chance = Random(7)
    rows = []
    for number, person in enumerate(town.people):
        name = chance.choice(_SURNAMES) + chance.choice(_GIVEN) + chance.choice(_GIVEN)
        rows.append(
            {
                "id": person,
                "login": f"p{number}",
                "name": name,
                "pinyin": person_spelling(name),
                "must_change_password": False,
                "active": True,
                "created_at": NOW,
            }
        )
    return rows


def _memberships(town: Town) -> list[dict[str, object]]:
    """Each unit has two liaisons and one of each other; leaders are deputies of forty units."""
    rows: list[tuple[str, str, str]] = []
    ordinary = [one for one in town.people if one not in {*town.leaders, *town.light}]
    for number, person in enumerate(ordinary):
        unit = town.units[number % len(town.units)]
        rows.append((person, unit, (*DESKS, "liaison")[number // len(town.units) % 5]))
    for number, person in enumerate(town.leaders):
        for step in range(min(40, len(town.units))):
            rows.append((person, town.units[(number * 40 + step) % len(town.units)], "vice_head"))
    rows += [(person, ASSESSOR, "office.staff") for person in town.leaders[:5]]
    return [
        {
            "id": f"membership-{number}", "user_id": person, "unit_id": unit, "home_id": unit,
            "post_key": post, "from_on": SINCE, "is_primary": True,
        }
        for number, (person, unit, post) in enumerate(rows)
    ]  # fmt: skip


def _stand_ins(town: Town) -> list[dict[str, object]]:
    """A fiftieth of all do somebody's work meanwhile; the first ones that of people with very much."""
    count = len(town.people) // 50
    others = town.people[HEAVY + LEADERS :]
    return [
        {
            "id": f"stand-in-{n}", "user_id": town.heavy[n] if n < HEAVY // 2 else others[-n - 1],
            "stand_in_id": others[n], "from_on": SINCE, "until_on": date(2018, 12, 31),
            "processes": [] if n % 2 else ["targets", "data"], "posts": [],
        }
        for n in range(count)
    ]  # fmt: skip
