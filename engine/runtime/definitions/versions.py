"""Definitions and their versions: read once, kept in memory, never changed."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Literal

from sqlalchemy import Connection

from engine import dmn
from engine.bpmn.compile import compile_process
from engine.bpmn.execution import Process
from engine.bpmn.model import Element, Model, ProcessModel
from engine.bpmn.reader import read_model
from engine.store import Queries, Row
from engine.store.sql import Asked

Kind = Literal["process", "decision", "form", "model"]
"""A `model` is a decision file without decisions of its own, kept for others to import, by its namespace."""
QUERIES = Queries(Path(__file__).with_name("versions.sql"))

MOST_COMPILED = 512


@dataclass(frozen=True)
class Version:
    """One version of a process, decision or form, with its content."""

    id: str
    kind: Kind
    key: str
    name: str
    number: int
    digest: str
    deployment_id: str
    definition_id: str
    file: str
    content: bytes


@dataclass(frozen=True)
class ProcessVersion:
    """A process version ready to run."""

    version: Version
    model: Model
    process: Process

    @cached_property
    def drawn(self) -> ProcessModel:
        """The process as it was drawn."""
        return self.model.processes[self.version.key]

    def element(self, element_id: str) -> Element:
        """An element of the drawing by its id."""
        return self.drawn.elements[element_id]


@lru_cache(maxsize=MOST_COMPILED)
def _compiled(content: bytes, file: str, key: str) -> tuple[Model, Process]:
    """A process of a file, by content: every engine of this program shares it."""
    model = read_model(content, file=file)
    return model, compile_process(model, key)


class UnknownDefinition(Exception):
    """Nothing is deployed under this key."""

    def __init__(self, kind: Kind, key: str) -> None:
        words = {"process": "流程", "decision": "决策", "form": "表单", "model": "决策模型"}
        super().__init__(f"没有部署过{words[kind]} {key}")
        self.kind = kind
        self.key = key


class Definitions:
    """What is deployed. Versions never change, so what was read once is kept."""

    def __init__(self) -> None:
        self._processes: dict[str, ProcessVersion] = {}
        self._versions: dict[str, Version] = {}
        self._newest: dict[tuple[Kind, str], Version] = {}
        """The newest versions when they were asked last: another machine may have deployed since."""
        self._bound: dict[tuple[str, Kind, str], Version] = {}
        self._decisions: dict[str, dmn.Decisions] = {}

    def latest(self, connection: Connection, kind: Kind, key: str) -> Version:
        """The newest version of `key`. Raises `UnknownDefinition`."""
        return self._newest_of(connection, kind, key, QUERIES.ask(connection, "latest", kind=kind, key=key))

    def ask_latest(
        self, connection: Connection, kind: Kind, key: str
    ) -> tuple[Version, Callable[[], Version]]:
        """The version that was the newest when it was asked last, and what says which it is now.

        To be asked before anything is written for it: the answer may come with that of another question.
        """
        asked = QUERIES.ask(connection, "latest", kind=kind, key=key)
        known = self._newest.get((kind, key))
        if known is None:
            known = self._newest_of(connection, kind, key, asked)
            return known, lambda: known
        return known, lambda: self._newest_of(connection, kind, key, asked)

    def _newest_of(self, connection: Connection, kind: Kind, key: str, asked: Asked) -> Version:
        row = asked.row()
        if row is None:
            raise UnknownDefinition(kind, key)
        found = self._newest[kind, key] = self.version(connection, row["id"])
        return found

    def version(self, connection: Connection, version_id: str) -> Version:
        """A version by its id."""
        if version_id not in self._versions:
            row = QUERIES.row(connection, "version", id=version_id)
            if row is None:
                raise LookupError(f"no definition version {version_id}")
            self._keep(row)
        return self._versions[version_id]

    def process(self, connection: Connection, version_id: str) -> ProcessVersion:
        """A process version, compiled."""
        if version_id not in self._processes:
            version = self.version(connection, version_id)
            model, process = _compiled(version.content, version.file, version.key)
            self._processes[version_id] = ProcessVersion(version, model, process)
        return self._processes[version_id]

    def form(self, connection: Connection, process_version_id: str, form_id: str) -> Version:
        """The form that a process version is bound to. Raises `UnknownDefinition`."""
        return self._bound_version(connection, process_version_id, "form", form_id)

    def decisions(self, connection: Connection, process_version_id: str, decision_id: str) -> dmn.Decisions:
        """The decision file that a process version is bound to. Raises `UnknownDefinition`."""
        version = self._bound_version(connection, process_version_id, "decision", decision_id)
        if version.id not in self._decisions:
            others = self._models_of(connection, version)
            self._decisions[version.id] = dmn.read(version.content, file=version.file, others=others)
        return self._decisions[version.id]

    def models(self, connection: Connection) -> list[Version]:
        """The newest version of every decision and of every model kept for others, newest first."""
        return [self._keep(row) for row in QUERIES.rows(connection, "models")]

    def _models_of(self, connection: Connection, version: Version) -> dict[str, bytes]:
        """What a decision file may import: the models it was deployed with, one a namespace."""
        if not dmn.outline(version.content).imports:
            return {}
        found: dict[str, Version] = {}
        for row in QUERIES.rows(connection, "beside", deployment_id=version.deployment_id):
            found.setdefault(dmn.outline(row["content"]).namespace, self._keep(row))
        return {f"{one.file}#{one.number}": one.content for one in found.values()}

    def listed(self, connection: Connection, kind: Kind) -> list[Row]:
        """Every key of a kind with its newest version: key, name, number, file, created_at …"""
        return QUERIES.rows(connection, "listed", kind=kind)

    def versions(self, connection: Connection, kind: Kind, key: str) -> list[Row]:
        """All versions of a key, newest first, with how many instances run on each."""
        return QUERIES.rows(connection, "versions", kind=kind, key=key)

    def _bound_version(
        self, connection: Connection, process_version_id: str, kind: Kind, key: str
    ) -> Version:
        place = (process_version_id, kind, key)
        if place not in self._bound:
            row = QUERIES.row(connection, "bound", process_version_id=process_version_id, kind=kind, key=key)
            if row is None:
                raise UnknownDefinition(kind, key)
            self._bound[place] = self._keep(row)
        return self._bound[place]

    def _keep(self, row: Row) -> Version:
        version = Version(
            id=row["id"],
            kind=row["kind"],
            key=row["key"],
            name=row["name"],
            number=row["number"],
            digest=row["digest"],
            deployment_id=row["deployment_id"],
            definition_id=row["definition_id"],
            file=row["file"],
            content=bytes(row["content"]),
        )
        return self._versions.setdefault(version.id, version)
