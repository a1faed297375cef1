"""The demonstration city with an engine: people who act through the door on the real diagrams."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import text, update

import forms
from engine.clock import VirtualClock, today
from engine.people.passwords import PasswordRules, Passwords
from engine.people.persons import Person, person_of
from engine.people.tables import UserAccount
from engine.runtime.engine import Engine
from engine.runtime.events.messages import NewMessage
from engine.runtime.setup import Cycle
from engine.store import Database
from engine.verbs.door import Answer, act
from engine.verbs.showing.view import view
from engine.verbs.visit import Request
from engine.work import inbox as inboxes
from engine.work.bindings import Bindings, FieldError, FormChecked, FormCheckRequest
from processes.bindings import bindings_parts
from processes.demo import Demo, build_demo
from processes.planning.assigning import MessageToPublish
from processes.tables import table_of
from tests.databases import Filling

from .reading import held_to_reading

ROOT = Path(__file__).parents[2]
PASSWORD = "一句记得住的话 2018"
CHEAP = Passwords(PasswordRules(time_cost=1, memory_cost=8, parallelism=1))
BEGIN = datetime(2018, 2, 1, 1, 0, tzinfo=UTC)


def library() -> dict[str, bytes]:
    """Every diagram, decision and form of planning."""
    folders = (ROOT / "processes/planning", ROOT / "forms/library/planning")
    paths = [path for folder in folders for path in sorted(folder.iterdir())]
    return {
        str(path.relative_to(ROOT)): path.read_bytes()
        for path in paths
        if path.suffix in (".bpmn", ".dmn", ".form")
    }


def check_form(request: FormCheckRequest) -> FormChecked:
    """The forms' own check, as the application registers it."""
    form = forms.read_form(request.form, file=request.form_version)
    checked = forms.check(
        form,
        request.data,
        context=request.context,
        readonly=request.readonly,
        stored=request.stored,
        files=request.files,
        today=request.today,
        functions=request.functions,
    )
    errors = tuple(FieldError(error.field, error.code, error.message) for error in checked.errors)
    return FormChecked(dict(checked.data), errors)


@dataclass
class City:
    """One engine on the demonstration city."""

    engine: Engine
    clock: VirtualClock
    demo: Demo
    people: dict[str, str]

    @property
    def cycle(self) -> Cycle:
        """The cycle of 2018."""
        return Cycle(
            self.demo.cycles[2018], 2018, "hangzhou_13fyp", "formal", self.demo.assessor_id, "杭州市"
        )

    def person(self, login: str) -> Person:
        """The person with their rights on the city's day."""
        with self.engine.database.read() as connection:
            return person_of(connection, self.people[login], on=today(self.clock))

    def start(self, *codes: str) -> str:
        """Start the city's planning for some units."""
        instance = self.engine.start("plan_setting", cycle=self.cycle, variables={"unitCodes": list(codes)})
        self.engine.drain()
        return instance

    def inbox(self, login: str) -> list[inboxes.InboxRow]:
        """The person's 待办."""
        with self.engine.database.read() as connection:
            return inboxes.mine(connection, self.person(login)).items

    def elements(self, login: str) -> list[str]:
        """The steps that wait for a person."""
        return sorted(row.element_id for row in self.inbox(login))

    def item(self, login: str, element: str) -> inboxes.InboxRow:
        """The one open item of a person at a step."""
        rows = [row for row in self.inbox(login) if row.element_id == element]
        assert len(rows) == 1, self.elements(login)
        return rows[0]

    def form(self, login: str, element: str) -> dict[str, Any]:
        """What the person's form shows."""
        row = self.item(login, element)
        shown = view(self.engine, self.person(login), row.item_id).form
        assert shown is not None
        return shown.stored

    def act(self, login: str, verb: str, element: str, **said: Any) -> Answer:
        """Do a verb with the person's item at a step, then let the engine finish what follows."""
        row = self.item(login, element)
        request = Request(**{"version": row.lock_version, **said})
        answer = act(self.engine, self.person(login), row.item_id, verb, request)
        self.engine.drain()
        return answer

    def complete(self, login: str, element: str, **said: Any) -> Answer:
        """办理."""
        return self.act(login, "complete", element, **said)

    def claim(self, login: str, element: str, *, unit: str = "") -> None:
        """认领 the one free item at a step (of a unit)."""
        with self.engine.database.read() as connection:
            rows = inboxes.claimable(connection, self.person(login)).items
        found = [row for row in rows if row.element_id == element and unit in ("", row.subject_name)]
        assert len(found) == 1, [(row.element_id, row.subject_name) for row in rows]
        request = Request(version=found[0].lock_version)
        act(self.engine, self.person(login), found[0].item_id, "claim", request)

    def publish(self, message: MessageToPublish) -> None:
        """Hand a stage's message to the engine."""
        with self.engine.database.write() as connection:
            self.engine.publish(
                connection,
                NewMessage(
                    cycle_id=message.cycle_id,
                    name=message.name,
                    correlation_key=message.key,
                    message_id=message.message_id,
                    variables=message.variables,
                ),
            )
        self.engine.drain()

    def rows(self, sql: str, **values: object) -> list[Mapping[str, Any]]:
        """Rows from the database."""
        with self.engine.database.read() as connection:
            return [dict(row) for row in connection.execute(text(sql), values).mappings()]

    def scalar(self, sql: str, **values: object) -> Any:
        """One value from the database."""
        with self.engine.database.read() as connection:
            return connection.execute(text(sql), values).scalar()

    # -- what a unit does, in one word each

    def report(self, code: str, **changes: Any) -> None:
        """A unit's way from 分办 to the head's signature."""
        self.prepare(code, **changes)
        self.complete(f"{code}.deputy", "deputy_review", outcome="approve")
        self.complete(f"{code}.head", "head_signs", outcome="approve")

    def prepare(self, code: str, **changes: Any) -> None:
        """分办, 填报 and 汇总 with everything filled in."""
        if "assign_divisions" in self.elements(f"{code}.liaison"):
            self.complete(
                f"{code}.liaison", "assign_divisions", fields=self.form(f"{code}.liaison", "assign_divisions")
            )
        if "fill_targets" in self.elements(f"{code}.division"):
            data = filled(self.form(f"{code}.division", "fill_targets"))
            self.complete(f"{code}.division", "fill_targets", fields=data)
        data = filled(self.form(f"{code}.liaison", "collate_targets"))
        self.complete(f"{code}.liaison", "collate_targets", fields=data | changes)

    def pass_office(self, unit: str) -> None:
        """考评办审核通过."""
        self.claim("office.reviewer", "office_review", unit=unit)
        self.complete("office.reviewer", "office_review", outcome="approve")


def filled(data: dict[str, Any]) -> dict[str, Any]:
    """A unit's form with a responsible person and measures for each target."""
    targets = [{**row, "responsible": "张三", "measures": "按季度推进"} for row in data["targets"]]
    return {**data, "targets": targets}


def _lay(url: str) -> None:
    database = Database(url)
    with database.write() as connection:
        demo = build_demo(connection, password_hash=CHEAP.hash(PASSWORD))
        connection.execute(update(table_of(UserAccount)).values(must_change_password=False))
    open_city(database, demo).engine.deploy(library())
    database.close()


LAID = Filling("planning-city", _lay)
"""The demonstration city with planning deployed; everybody logs in with PASSWORD."""


def laid_demo(database: Database) -> Demo:
    """What was laid into the database that this one is a copy of; who can log in is not said."""
    with database.read() as connection:
        assessor = str(connection.execute(text("select assessor_id from cycle")).scalars().first())
        cycles: dict[int, str] = dict(connection.execute(text("select year, id from cycle")).all())
        named = text("select name, id from unit where kind <> 'division' and id <> :assessor")
        units: dict[str, str] = dict(connection.execute(named, {"assessor": assessor}).all())
    return Demo(assessor, cycles, units)


def open_city(database: Database, demo: Demo | None = None) -> City:
    """The city of this database, or of the one that it is a copy of, at 2018-02-01 09:00 in Shanghai."""
    with database.read() as connection:
        found = connection.execute(text("select login, id from user_account")).all()
    clock = VirtualClock(BEGIN)
    services, records = bindings_parts()
    bindings = Bindings(services=held_to_reading(services), records=records, check_form=check_form)
    engine = Engine(database, clock=clock, bindings=bindings)
    return City(engine, clock, demo or laid_demo(database), dict(found))
