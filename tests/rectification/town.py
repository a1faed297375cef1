"""The demonstration city where opinions are handled: its library of rectification, and acts in a word."""

from dataclasses import dataclass
from typing import Any

from engine.clock import VirtualClock
from engine.store import Database
from engine.verbs.door import act
from engine.verbs.showing.view import view
from engine.verbs.visit import Request
from engine.work import inbox as inboxes
from processes.demo import Demo, build_demo
from tests.processes.city import ROOT, City, open_city

FOLDERS = ("processes/rectification", "forms/library/rectification")
BESIDES = ("processes/evaluation/satisfaction.dmn",)


def library() -> dict[str, bytes]:
    """Every diagram, decision and form of rectification."""
    paths = [path for folder in FOLDERS for path in sorted((ROOT / folder).iterdir())]
    paths += [ROOT / one for one in BESIDES]
    return {
        str(path.relative_to(ROOT)): path.read_bytes()
        for path in paths
        if path.suffix in (".bpmn", ".dmn", ".form")
    }


@dataclass
class Town:
    """The city with what its people do about opinions."""

    city: City

    @property
    def clock(self) -> VirtualClock:
        return self.city.clock

    def unit_id(self, name: str) -> str:
        """A unit by its name."""
        return str(self.city.scalar("select id from unit where name = :name", name=name))

    def begin(self) -> str:
        """The office starts the year's batch; the instance's id."""
        instance = self.city.engine.start("opinion_batch", cycle=self.city.cycle)
        self.city.engine.drain()
        return instance

    def issue(self, code: str) -> dict[str, Any]:
        """An issue's row."""
        return dict(self.city.rows("select * from rectification_issue where code = :code", code=code)[0])

    def find(self, login: str, element: str, code: str = "") -> inboxes.InboxRow:
        """The one open item of a person at a step, about the issue of this code."""
        found = []
        for row in self.city.inbox(login):
            if row.element_id == element and (not code or self._code_of(row.item_id) == code):
                found.append(row)
        assert len(found) == 1, f"{login} at {element}: {self.city.elements(login)}"
        return found[0]

    def _code_of(self, item_id: str) -> str:
        sql = (
            "select i.code from work_item w join variable v on v.instance_id = w.instance_id "
            "and v.name = 'issueId' join rectification_issue i on v.value_text like '%' || i.id || '%' "
            "where w.id = :id"
        )
        return str(self.city.scalar(sql, id=item_id))

    def do(self, login: str, element: str, *, code: str = "", **said: Any) -> None:
        """办理 the one item at a step (about an issue), then let the engine do what follows."""
        self.take(login, self.find(login, element, code), **said)

    def take(
        self, login: str, row: inboxes.InboxRow, *, outcome: str = "", opinion: str = "", **fields: Any
    ) -> None:
        """办理 this item. `files` among the fields are taken as sent with it."""
        request = Request(
            version=row.lock_version,
            outcome=outcome,
            opinion=opinion,
            fields=fields,
            files=frozenset(fields.get("files", [])),
        )
        act(self.city.engine, self.city.person(login), row.item_id, "complete", request)
        self.city.engine.drain()

    def form_of(self, login: str, item_id: str) -> dict[str, Any]:
        """What the form of an item shows to a person."""
        shown = view(self.city.engine, self.city.person(login), item_id).form
        assert shown is not None
        return dict(shown.stored)


def lay_town(database: Database) -> Demo:
    """Lay the demonstration city and deploy rectification, once for a template."""
    with database.write() as connection:
        demo = build_demo(connection, password_hash="")
    open_city(database, demo).engine.deploy(library())
    return demo
