"""A small city with an engine: people who act through the door, diagrams drawn in a few lines."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import pairwise
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import orjson
from sqlalchemy import Connection, text

from engine.clock import VirtualClock
from engine.ids import new_id
from engine.people.persons import Person, person_of
from engine.runtime.engine import Engine
from engine.runtime.setup import Cycle
from engine.store import Database
from engine.verbs.door import Answer, act
from engine.verbs.others import working_off
from engine.verbs.visit import Request
from engine.work import history
from engine.work import inbox as inboxes
from engine.work.bindings import Bindings, FormChecked, FormCheckRequest, Service
from tests.databases import Filling
from tests.engine.bpmn.lint_diagrams import END, START, diagram, flow
from tests.engine.people.conftest import build_city

BEGIN = datetime(2018, 3, 1, 1, 0, tzinfo=UTC)
PEOPLE = {
    "ling": ("张玲", ("U1 liaison",)),
    "lu": ("陆副", ("U1 vice_head",)),
    "tou": ("王局", ("U1 head",)),
    "ling2": ("李联", ("U2 liaison",)),
    "tou2": ("赵局", ("U2 head",)),
    "kao": ("钱考", ("OF office.reviewer", "OF office.head")),
    "cai": ("孙财", ("U3 review.finance",)),
    "fa": ("周法", ("OF review.legal",)),
    "wei": ("吴发", ("U2 review.planning",)),
    "ban1": ("郑一", ("OF office.staff",)),
    "ban2": ("冯二", ("OF office.staff",)),
    "mi": ("何秘", ("OF committee.secretary",)),
}


def accept_all(request: FormCheckRequest) -> FormChecked:
    """A form check for tests of the engine alone: everything but read-only keys is taken as sent."""
    kept = {key: value for key, value in request.data.items() if key not in request.readonly}
    return FormChecked(kept, ())


@dataclass
class World:
    """One engine on one database, with its clock, city and people."""

    engine: Engine
    clock: VirtualClock
    cycle: Cycle
    units: dict[str, str]
    people: dict[str, str]
    services: dict[str, Service] = field(default_factory=dict)

    def person(self, login: str) -> Person:
        """The person as the rights see them today."""
        with self.engine.database.read() as connection:
            return person_of(connection, self.people[login], on=date(2018, 3, 1))

    def unit(self, code: str) -> dict[str, str]:
        """The variable `unit` for a unit."""
        return {"id": self.units[code], "code": code, "name": code}

    def deploy(self, **files: bytes) -> None:
        """Deploy diagrams by name."""
        self.engine.deploy({f"{name}.bpmn": content for name, content in files.items()} | FORMS)

    def start(self, process: str = "planning", *, drain: bool = True, **variables: Any) -> str:
        """Start an instance about U1."""
        given = {"unit": self.unit("U1"), **variables}
        instance_id = self.engine.start(process, cycle=self.cycle, variables=given)
        if drain:
            self.engine.drain()
        return instance_id

    def inbox(self, login: str) -> list[inboxes.InboxRow]:
        """The person's 待办."""
        with self.engine.database.read() as connection:
            return inboxes.mine(connection, self.person(login)).items

    def item(self, login: str, element: str = "") -> inboxes.InboxRow:
        """The one open item of a person (at an element)."""
        rows = [row for row in self.inbox(login) if element in ("", row.element_id)]
        assert len(rows) == 1, [row.element_id for row in self.inbox(login)]
        return rows[0]

    def act(self, login: str, verb: str, element: str = "", **said: Any) -> Answer:
        """Do a verb with the person's one open item, then let the engine finish what follows."""
        row = self.item(login, element)
        request = Request(**{"version": row.lock_version, **said})
        answer = act(self.engine, self.person(login), row.item_id, verb, request)
        self.engine.drain()
        return answer

    def complete(self, login: str, element: str = "", **said: Any) -> Answer:
        """办理."""
        return self.act(login, "complete", element, **said)

    def events(self, instance_id: str) -> list[history.HistoryEvent]:
        """The history of an instance."""
        with self.engine.database.read() as connection:
            return history.events(connection, instance_id)

    def said(self, instance_id: str) -> list[tuple[str, str, int]]:
        """The history in short: verb, element, round."""
        return [(event.verb, event.element_id, event.round) for event in self.events(instance_id)]

    def scalar(self, sql: str, **values: object) -> Any:
        """One value from the database."""
        with self.engine.database.read() as connection:
            return connection.execute(text(sql), values).scalar()

    def status(self, instance_id: str) -> str:
        """An instance's status."""
        return str(self.scalar("select status from instance where id = :id", id=instance_id))


def build_world(database: Database, services: Mapping[str, Service] | None = None) -> World:
    """A city with people on posts and an engine at 2018-03-01 09:00 in Shanghai."""
    with database.write() as connection:
        units, people = _laid(connection) or _populate(connection)
    clock = VirtualClock(BEGIN)
    known = dict(services or {})
    bindings = Bindings(services=known, records={}, check_form=accept_all, jobs=working_off.JOBS)
    cycle = Cycle(new_id(), 2018, "test", "formal", units["C0"], "杭州市")
    return World(Engine(database, clock=clock, bindings=bindings), clock, cycle, units, people, known)


def _lay(url: str) -> None:
    database = Database(url)
    with database.write() as connection:
        _populate(connection)
    database.close()


WORLD = Filling("world", _lay)
"""The people and units of a world; `build_world` finds them in a copy."""


def _laid(connection: Connection) -> tuple[dict[str, str], dict[str, str]] | None:
    units: dict[str, str] = dict(connection.execute(text("select code, id from unit")).all())
    people: dict[str, str] = dict(connection.execute(text("select login, id from user_account")).all())
    return (units, people) if "C0" in units else None


def _populate(connection: Connection) -> tuple[dict[str, str], dict[str, str]]:
    city = build_city(connection)
    people = {login: city.add_person(login, *posts, name=name) for login, (name, posts) in PEOPLE.items()}
    return dict(city.ids), people


def form(form_id: str, *keys: str) -> bytes:
    """A form with one text field a key."""
    fields = [{"type": "textfield", "key": key, "id": f"f_{key}", "label": key} for key in keys]
    return orjson.dumps(
        {"id": form_id, "type": "default", "schemaVersion": 18, "name": form_id, "components": fields}
    )


FORMS = {"target.form": form("target", "value", "note"), "review.form": form("review", "remark")}


def user(identity: str, post: str, *, name: str = "", form_id: str = "target", **properties: str) -> str:
    """A user task; `post` such as `unit.liaison`, `assessor.office.reviewer`; properties of ours."""
    whose, _, key = post.partition(".")
    given = {"bihuan:post": f'= post({whose}, "{key}")'}
    given |= {f"bihuan:{key}": value for key, value in properties.items() if key not in ("due", "groups")}
    due = properties.get("due")
    schedule = f"<zeebe:taskSchedule dueDate={quoteattr(due)} />" if due else ""
    groups = properties.get("groups")
    assignment = f"<zeebe:assignmentDefinition candidateGroups={quoteattr(groups)} />" if groups else ""
    listed = "".join(
        f"<zeebe:property name={quoteattr(name)} value={quoteattr(value)} />" for name, value in given.items()
    )
    return (
        f'<bpmn:userTask id="{identity}" name="{escape(name or "办理" + identity)}"><bpmn:extensionElements>'
        f'<zeebe:userTask /><zeebe:formDefinition formId="{form_id}" />{assignment}{schedule}'
        f"<zeebe:properties>{listed}</zeebe:properties></bpmn:extensionElements></bpmn:userTask>"
    )


def service(identity: str, job_type: str, *, retries: int = 3, inputs: str = "") -> str:
    """A service task; `inputs` is XML of zeebe:input."""
    mapping = f"<zeebe:ioMapping>{inputs}</zeebe:ioMapping>" if inputs else ""
    return (
        f'<bpmn:serviceTask id="{identity}" name="服务{identity}"><bpmn:extensionElements>'
        f'<zeebe:taskDefinition type="{job_type}" retries="{retries}" />{mapping}'
        "</bpmn:extensionElements></bpmn:serviceTask>"
    )


SUBJECT = (
    '<bpmn:extensionElements><zeebe:properties><zeebe:property name="bihuan:subject" value="= unit.id" />'
    "</zeebe:properties></bpmn:extensionElements>"
)


def in_a_row(*parts: str, process: str = 'id="planning" name="目标制定"', root: str = "") -> bytes:
    """Start, the parts one after another, end."""
    ids = ["begun", *(part.split('id="')[1].split('"')[0] for part in parts), "done"]
    flows = [flow(f"{a}_{b}", a, b) for a, b in pairwise(ids)]
    return diagram(SUBJECT, START, *parts, END, *flows, process=process, root=root)
