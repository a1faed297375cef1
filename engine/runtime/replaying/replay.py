"""Instances of a process, finished and running, played on another version: which would go another way."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection

from engine import dmn
from engine.bpmn.compile import Process, compile_process
from engine.bpmn.execution import Services
from engine.bpmn.heard import Heard
from engine.bpmn.migration.carrying import carry
from engine.bpmn.migration.passage import Passage
from engine.bpmn.reader import read_model
from engine.clock import VirtualClock
from engine.runtime.definitions.versions import ProcessVersion, UnknownDefinition
from engine.runtime.functions import Begun, Function, functions_for
from engine.runtime.replaying.comparing import Pair, Verdict
from engine.runtime.replaying.desks import Desks
from engine.runtime.replaying.lane import Lane
from engine.runtime.replaying.recording import QUERIES, Recorded, recorded
from engine.runtime.setup import Setup
from engine.runtime.steps.rows import InstanceRow, read_context, read_instance
from engine.runtime.steps.step import services_for
from engine.store import Row
from engine.work.routing import Candidate

BATCH = 100
NO_RECORD = "没有这个实例开始时的记录，不能重走。"


@dataclass(frozen=True)
class Target:
    """The version to play on: a deployed one, or `files` that are not deployed yet.

    `decisions` are the decision files given together with a diagram file, by name.
    """

    process: Process
    label: str
    version: ProcessVersion | None = None
    decisions: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True)
class Replayed:
    """One instance and how it would fare."""

    instance_id: str
    subject: str
    matter: str
    status: str
    version: int
    verdict: Verdict


def target_version(connection: Connection, setup: Setup, key: str, number: int) -> Target:
    """A deployed version by its number. Raises `UnknownDefinition`, LookupError."""
    rows = setup.definitions.versions(connection, "process", key)
    if not rows:
        raise UnknownDefinition("process", key)
    found = next((row for row in rows if row["number"] == number), None)
    if found is None:
        raise LookupError(f"没有第 {number} 版。")
    return version_target(connection, setup, found["id"])


def version_target(connection: Connection, setup: Setup, version_id: str) -> Target:
    """A deployed version by its id."""
    version = setup.definitions.process(connection, version_id)
    return Target(version.process, f"第 {version.version.number} 版", version)


def target_files(files: Mapping[str, bytes], key: str) -> Target:
    """The process `key` of diagram files that need not be deployed. Raises `Refused`, LookupError."""
    for name, content in files.items():
        if name.endswith(".bpmn"):
            model = read_model(content, file=name)
            if key in model.processes:
                decisions = {other: data for other, data in files.items() if other.endswith(".dmn")}
                return Target(compile_process(model, key), name, decisions=decisions)
    raise LookupError(f"给出的文件里没有流程 {key}。")


def count_instances(setup: Setup, key: str, *, cycle_id: str = "") -> int:
    """How many instances `replay` would play."""
    with setup.database.read() as connection:
        row = QUERIES.row(
            connection, "count_of_process", process_key=key, cycle_id=cycle_id, cycle_id2=cycle_id
        )
    return int(row["count"]) if row else 0


def replay(
    setup: Setup,
    key: str,
    target: Target,
    *,
    mapping: Mapping[str, str] | None = None,
    cycle_id: str = "",
    instance_ids: Sequence[str] = (),
) -> Iterator[Replayed]:
    """Play instances of the process `key` on `target`, in memory. Nothing is written.

    `mapping` has the new id of each element that changes its id.
    """
    for ids in _batches(setup, key, cycle_id, instance_ids):
        with setup.database.read() as connection:
            found = [_replay_one(setup, connection, one, target, mapping or {}) for one in ids]
        yield from found


def _batches(setup: Setup, key: str, cycle_id: str, named: Sequence[str]) -> Iterator[list[str]]:
    if named:
        yield list(named)
        return
    after = ""
    while True:
        with setup.database.read() as connection:
            rows = QUERIES.rows(
                connection,
                "of_process",
                process_key=key,
                after=after,
                cycle_id=cycle_id,
                cycle_id2=cycle_id,
                row_limit=BATCH,
            )
        yield [row["id"] for row in rows]
        if len(rows) < BATCH:
            return
        after = rows[-1]["id"]


def _replay_one(
    setup: Setup, connection: Connection, instance_id: str, target: Target, mapping: Mapping[str, str]
) -> Replayed:
    row = read_instance(connection, instance_id)
    version = setup.definitions.process(connection, row.definition_version_id)
    verdict = Playing(setup, connection, row, target, mapping).verdict()
    place = (row.id, row.subject_name, row.matter, row.status, version.version.number)
    return Replayed(*place, verdict)


@dataclass
class Playing:
    """One instance played on a target. `mapping` is from its version now to the target's."""

    setup: Setup
    connection: Connection
    row: InstanceRow
    target: Target
    mapping: Mapping[str, str]

    def __post_init__(self) -> None:
        self.clock = VirtualClock(datetime(2000, 1, 1, tzinfo=UTC))
        self.replayed = replace(self.setup, clock=self.clock)
        row = self.row
        begun = Begun(row.started_by, row.root_id, row.id, row.visits.names_of)
        self.functions: dict[str, Function] = functions_for(
            self.replayed, self.connection, row.assessor_id, cycle_id=row.cycle_id, begun=begun
        )

    def verdict(self) -> Verdict:
        """What became of it."""
        desks = Desks(self.setup.zone, self.clock.now, self._words)
        steps = without_undone(recorded(self.connection, self.row.id))
        if not steps or steps[0].told[0].verb != "start":
            return Verdict("incomplete", 0, because=NO_RECORD)
        moves = [
            (number, one) for number, step in enumerate(steps) for one in step.told if one.verb == "migrate"
        ]
        first = moves[0][1].data["from"] if moves else self.row.definition_version_id
        version = self.setup.definitions.process(self.connection, first)
        name = self._naming([one.data["mapping"] for _, one in moves])
        pair = Pair(self._old(version), self._new(), name, desks)
        verdict = self._play(pair, steps, moves)
        return replace(verdict, changes=tuple(pair.changes))

    def _play(self, pair: Pair, steps: Sequence[Recorded], moves: Sequence[tuple[int, Heard]]) -> Verdict:
        """From one move to another version to the next."""
        done = 0
        for number, move in moves:
            verdict = pair.play(steps[done:number], set_clock=self.clock.set)
            if verdict.state != "same":
                return replace(verdict, steps=verdict.steps + done)
            self._migrate(pair, move.data)
            renames = [one.data["mapping"] for later, one in moves if later > number]
            pair.name = self._naming(renames)
            done = number + 1
        verdict = pair.play(steps[done:], set_clock=self.clock.set)
        return replace(verdict, steps=verdict.steps + done)

    def _naming(self, renames: Sequence[Mapping[str, str]]) -> Callable[[str], str]:
        chain = [*renames, self.mapping]

        def name(element: str) -> str:
            for one in chain:
                element = one.get(element, element)
            return element

        return name

    def _old(self, version: ProcessVersion) -> Lane:
        return Lane(version.process, self._services(version), self._results)

    def _new(self) -> Lane:
        target = self.target
        services = self._services(target.version) if target.version else self._file_services()
        return Lane(target.process, services, self._results)

    def _migrate(self, pair: Pair, data: Mapping[str, Any]) -> None:
        """The lane of what happened goes on in the version that the instance was moved to."""
        version = self.setup.definitions.process(self.connection, data["to"])
        services = self._services(version)
        assert pair.old.execution is not None  # it was started
        passage = Passage(pair.old.process, version.process, data["mapping"])
        execution = carry(pair.old.execution, passage, services=services).execution
        pair.old.process, pair.old.services, pair.old.execution = version.process, services, execution

    def _services(self, version: ProcessVersion) -> Services:
        return services_for(self.replayed, self.connection, version, self.functions)

    def _file_services(self) -> Services:
        """Decisions of the files that were given; any other is the newest that is deployed."""

        def decide(decision_id: str, context: Mapping[str, Any]) -> Any:
            for name, content in self.target.decisions.items():
                others = {one: data for one, data in self.target.decisions.items() if one != name}
                given = dmn.read(content, file=name, others=others)
                if decision_id in given.names:
                    return given.decide(decision_id, dict(context), functions=self.functions).value
            latest = self.setup.definitions.latest(self.connection, "decision", decision_id)
            deployed = dmn.read(latest.content, file=latest.file)
            return deployed.decide(decision_id, dict(context), functions=self.functions).value

        return Services(now=self.clock.now, functions=self.functions, decide=decide, zone=self.setup.zone)

    def _words(self, who: Candidate) -> str:
        """A person's name, or a unit's and its post's."""
        row = QUERIES.row(
            self.connection, "whom", user_id=who.user_id, unit_id=who.unit_id, post_key=who.post_key
        )
        named = [row[name] for name in ("person", "unit", "post") if row[name]] if row else []
        return " · ".join(named) or who.user_id or f"{who.unit_id}#{who.post_key}"

    def _results(self, key: str) -> list[dict[str, Any] | None]:
        rows: list[Row] = QUERIES.rows(self.connection, "children_of", instance_id=self.row.id, wait_key=key)
        if not rows:
            return []
        found: list[dict[str, Any] | None] = [None] * int(rows[0]["total"])
        for row in rows:
            if row["child_index"] is not None and row["result_text"] is not None:
                found[row["child_index"]] = read_context(row["result_text"])
        return found


def without_undone(steps: Sequence[Recorded]) -> list[Recorded]:
    """The steps without a migration that was taken back, and without its taking back."""
    left: list[Recorded] = []
    for step in steps:
        if step.told[0].verb == "migrate_back":
            at = max(number for number, one in enumerate(left) if one.told[0].verb == "migrate")
            del left[at]
        else:
            left.append(step)
    return left
