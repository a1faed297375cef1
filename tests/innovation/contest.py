"""The demonstration city with experts, where innovation projects compete; acts in a word."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from engine.clock import today
from engine.ids import new_id
from engine.store import Database
from engine.verbs.door import act
from engine.verbs.showing.view import view
from engine.verbs.visit import Request
from engine.work import inbox as inboxes
from processes.cycle.reading import CYCLES
from processes.cycle.records import ProfileVersion
from processes.demo import Demo, build_demo
from processes.demo_people import MEMBERSHIPS, USERS
from processes.innovation.reading import EXPERTS
from processes.innovation.reading import UNITS as ALL_UNITS
from processes.tables import table_of
from tests.processes.city import ROOT, City, open_city

PROFILES = table_of(ProfileVersion)
FOLDERS = ("processes/innovation", "forms/library/innovation")
UNITS = {"u13": "市发改委", "u20": "市旅委", "u39": "市环保局"}
POST = "expert"
SHARES = [34, 34, 34]
"""One award of each kind for three projects; the profile's own shares give none to so few."""


def library() -> dict[str, bytes]:
    """Every diagram, decision and form of innovation."""
    paths = [path for folder in FOLDERS for path in sorted((ROOT / folder).iterdir())]
    return {
        str(path.relative_to(ROOT)): path.read_bytes()
        for path in paths
        if path.suffix in (".bpmn", ".dmn", ".form")
    }


def add_experts(connection: Connection, demo: Demo, logins: Sequence[str]) -> None:
    """Experts in place of the city's own: in no unit; the first three know the economy, the others nature."""
    connection.execute(delete(MEMBERSHIPS).where(MEMBERSHIPS.c.post_key == POST))
    for number, login in enumerate(logins):
        user_id = new_id()
        connection.execute(
            insert(USERS).values(
                id=user_id, login=login, name=f"专家{number + 1}", pinyin="", phone="", email="",
                password_hash="", must_change_password=False, failed_count=0, active=True,
                created_at=datetime(2018, 1, 2, tzinfo=UTC),
            )
        )  # fmt: skip
        connection.execute(
            insert(MEMBERSHIPS).values(
                id=new_id(),
                user_id=user_id,
                unit_id=demo.assessor_id,
                home_id=demo.assessor_id,
                post_key=POST,
                from_on=date(2018, 1, 1),
                is_primary=True,
            )
        )
        fields = ["经济建设"] if number < 3 else ["生态建设"]
        connection.execute(
            insert(EXPERTS).values(
                user_id=user_id, fields=fields, units=[], changed_at=datetime(2018, 1, 2, tzinfo=UTC)
            )
        )


def set_profile(connection: Connection, **sections: Mapping[str, Any]) -> None:
    """Other numbers in the profile: `awards={"shares": …}` or `innovation={"rankBy": …}`."""
    sql = select(PROFILES.c.id, PROFILES.c.content)
    for row in connection.execute(sql).all():
        content = dict(row.content)
        for section, values in sections.items():
            place = content["scoring"] if section in ("awards",) else content
            place[section] = {**place[section]}
            for name, value in values.items():
                place[section][name] = {**place[section][name], "value": value}
        connection.execute(update(PROFILES).where(PROFILES.c.id == row.id).values(content=content))


@dataclass
class Contest:
    """The city with what its people do about innovation projects."""

    city: City

    def begin(self, *codes: str) -> str:
        """The office starts the year; the catalogue is revised and published."""
        instance = self.city.engine.start(
            "innovation_review", cycle=self.city.cycle, variables={"unitCodes": list(codes)}
        )
        self.city.engine.drain()
        shown = self.city.form("office.staff", "revise_topics")
        self.do("office.staff", "revise_topics", **shown)
        return instance

    def item(self, login: str, element: str, *, about: str = "") -> inboxes.InboxRow:
        """The first open item of a person at a step (about a unit)."""
        rows = [
            row
            for row in self.city.inbox(login)
            if row.element_id == element and about in ("", row.subject_name)
        ]
        assert rows, f"{login} at {element}: {self.city.elements(login)}"
        return rows[0]

    def shown(self, login: str, element: str, *, about: str = "") -> dict[str, Any]:
        """What a form shows."""
        row = self.item(login, element, about=about)
        found = view(self.city.engine, self.city.person(login), row.item_id).form
        assert found is not None
        return found.stored

    def do(self, login: str, element: str, *, about: str = "", outcome: str = "", **fields: Any) -> None:
        """办理 one item, then let the engine do what follows."""
        self._act(login, element, "complete", about=about, outcome=outcome, fields=fields)

    def register(self, login: str, element: str, **fields: Any) -> None:
        """代录 a meeting's decision."""
        said = {
            "meeting": "综合评审会",
            "decided_on": today(self.city.clock).isoformat(),
            "document_number": "杭绩委〔2018〕9号",
            "minutes": ["scan"],
            **fields,
        }
        self._act(login, element, "register_for", fields=said)

    def _act(
        self,
        login: str,
        element: str,
        verb: str,
        *,
        about: str = "",
        outcome: str = "",
        fields: dict[str, Any],
    ) -> None:
        row = self.item(login, element, about=about)
        opinion = fields.pop("opinion", "")
        sent = [name for value in fields.values() if isinstance(value, list) for name in value]
        request = Request(
            version=row.lock_version,
            outcome=outcome,
            opinion=opinion,
            fields=fields,
            files=frozenset(name for name in sent if isinstance(name, str)),
        )
        act(self.city.engine, self.city.person(login), row.item_id, verb, request)
        self.city.engine.drain()

    def pass_time(self, days: int) -> None:
        """Days go by, and what is due happens."""
        self.city.clock.advance(timedelta(days=days))
        self.city.engine.drain()

    def unit_id(self, code: str) -> str:
        """A unit's id by its code."""
        return self.city.demo.units[UNITS[code]]

    # -- what happens to a project, in a word each

    def application(self, code: str, **changes: Any) -> dict[str, Any]:
        """A unit's application with everything filled in."""
        shown = self.shown(f"{code}.liaison", "apply")
        return {
            "title": "企业开办一日办结",
            "topic": shown["topic_options"][0]["value"],
            "way": "solo",
            "partners": [],
            "plan": "分三步推进",
            "blind_summary": "把企业开办的七个环节并成一个窗口一天办完，全程网办。",
            "cost": "12.5",
            "national": False,
            "support": "",
            **changes,
        }

    def apply(self, code: str, **changes: Any) -> None:
        """申报 and 签发."""
        self.do(f"{code}.liaison", "apply", outcome="submit", **self.application(code, **changes))
        self.do(f"{code}.head", "head_signs", outcome="approve")

    def admit(self, code: str) -> None:
        """立项."""
        self.do("office.staff", "admit", about=UNITS[code], outcome="approve")

    def close(self, code: str, *, verified: str = "0.5") -> None:
        """结题 and 核验."""
        self.do(
            f"{code}.liaison",
            "closing",
            report="完成",
            blind_report="办结时间从七天减到一天，满意率上升。",
            spent="11",
            files=["full"],
            blind_files=["blind"],
        )
        self.do("office.reviewer", "check_closing", about=UNITS[code], outcome="approve", verified=verified)

    def release(self) -> None:
        """核定专家名单 as it was proposed."""
        self.do("office.staff", "release", **self.shown("office.staff", "release"))

    def experts(self, element: str = "declare") -> list[str]:
        """Experts who have something at a step, one entry an item."""
        return [
            login
            for login in sorted(self.city.people)
            if login.startswith("e") and login[1:].isdigit()
            for row in self.city.inbox(login)
            if row.element_id == element
        ]

    def score(self, login: str, values: list[str]) -> None:
        """No ties, then a coefficient for each dimension."""
        self.do(login, "declare", outcome="clear", tie="")
        shown = self.shown(login, "score")
        marks = [{**row, "value": value} for row, value in zip(shown["marks"], values, strict=True)]
        self.do(login, "score", marks=marks, text="思路清楚，成效明显")

    def score_all(self, of: Mapping[str, str]) -> None:
        """Every expert scores every project: one coefficient for all dimensions, by project number."""
        while waiting := self.experts():
            login = waiting[0]
            number = self.shown(login, "declare")["number"]
            self.score(login, [of[number]] * 3)

    def confirm(self) -> dict[str, Any]:
        """核定评审结果; what the office saw."""
        shown = self.shown("office.staff", "confirm_marks")
        self.do("office.staff", "confirm_marks", **shown)
        return shown


def compete(contest: Contest, *, first: Mapping[str, str], second: Mapping[str, str]) -> None:
    """市发改委, 市旅委, 市环保局 with one project each, as far as the synthesis meeting."""
    codes = ("u13", "u20", "u39")
    contest.begin(*(code.upper() for code in codes))
    for code in codes:
        contest.apply(code)
        contest.admit(code)
    contest.pass_time(270)
    for code in codes:
        contest.close(code)
    for marks in (first, second):
        contest.release()
        contest.score_all(marks)
        contest.confirm()
        for code in codes:
            if "statement" in contest.city.elements(f"{code}.liaison"):
                contest.do(f"{code}.liaison", "statement", speaker="李明", statement="要点", files=[])


def lay(url: str) -> None:
    """Put the city with its experts and the diagrams of innovation into a database, as a template."""
    database = Database(url)
    with database.write() as connection:
        demo = build_demo(connection, password_hash="")
        add_experts(connection, demo, [f"e{number}" for number in range(1, 8)])
    open_city(database, demo).engine.deploy(library())
    database.close()


def open_contest(database: Database, *, homes: Mapping[str, str] | None = None, **sections: Any) -> Contest:
    """The laid city on 2018-02-01; `homes` says in which units experts sit, `sections` as `set_profile`."""
    with database.write() as connection:
        demo = _laid(connection)
        for login, unit in (homes or {}).items():
            expert = select(USERS.c.id).where(USERS.c.login == login).scalar_subquery()
            at_home = update(MEMBERSHIPS).where(MEMBERSHIPS.c.user_id == expert)
            connection.execute(at_home.values(home_id=demo.units[unit]))
        set_profile(connection, **{"awards": {"shares": SHARES}, **sections})
    return Contest(open_city(database, demo))


def _laid(connection: Connection) -> Demo:
    units = {
        str(row.name): str(row.id) for row in connection.execute(select(ALL_UNITS.c.id, ALL_UNITS.c.name))
    }
    cycles = {int(row.year): str(row.id) for row in connection.execute(select(CYCLES.c.id, CYCLES.c.year))}
    return Demo(units["杭州市"], cycles, units)
