"""A world for one betsy case: instances in memory, a clock that jumps, scripts, signals and messages.

Every instance is stored and read again after each step: what is measured is what would run in a city.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from engine.bpmn.compile import Process, compile_process
from engine.bpmn.execution import DELETED, Execution
from engine.bpmn.failures import Unusable
from engine.bpmn.model import Model
from engine.bpmn.tokens import Services
from engine.bpmn.waits import Wait
from engine.feel import codec
from tests.conformance.betsy_models import MESSAGE

BEGIN = datetime(2018, 1, 1, tzinfo=UTC)
TEN_SECONDS = timedelta(seconds=10)
MOST_STEPS = 2_000


class NeverQuiet(Exception):
    """The case goes on and on."""


@dataclass
class Running:
    """One instance: its execution, its stored variables, and its jobs that take time (key -> until when)."""

    execution: Execution
    process: Process
    stored: dict[tuple[str, str], Any] = field(default_factory=dict)
    busy: dict[str, datetime] = field(default_factory=dict)
    called: dict[str, list["Running"]] = field(default_factory=dict)
    caller: tuple["Running", str] | None = None

    @property
    def usable(self) -> bool:
        """Has no exception spoiled it?"""
        try:
            self.execution.waits()
        except Unusable:
            return False
        return True


class World:
    """All instances of one file's processes, and the trace they leave."""

    def __init__(self, model: Model) -> None:
        self.now = BEGIN
        self.processes = {name: compile_process(model, name) for name in model.processes}
        self.instances: list[Running] = []
        self.trace: list[str] = []
        self.unheard: list[str] = []
        self.spans: list[tuple[datetime, datetime]] = []
        self.services = Services(now=lambda: self.now)

    def start(
        self,
        name: str,
        variables: Mapping[str, Any],
        *,
        at: str | None = None,
        caller: tuple[Running, str] | None = None,
    ) -> None:
        """A new instance, run until it waits."""
        process = self.processes[name]
        execution = Execution.start(process, variables=variables, services=self.services, start_element=at)
        running = Running(execution, process, caller=caller)
        self.instances.append(running)
        self._run(running)

    def live(self, until: timedelta) -> None:
        """Let everything happen that happens by then. Raises NeverQuiet."""
        for _ in range(MOST_STEPS):
            quick = self._work() or self._call() or self._deliver()
            if not quick and not self._advance(BEGIN + until):
                return
        raise NeverQuiet(f"{MOST_STEPS} steps and still not quiet")

    @property
    def stuck(self) -> list[str]:
        """Joins at which an instance waits for ever."""
        return [element for one in self.instances if one.usable for element in one.execution.stuck]

    # -- one step ---------------------------------------------------------------------------------------

    def _run(self, running: Running) -> None:
        execution = running.execution
        execution.run()
        for key, value in execution.changed_variables().items():
            if value is DELETED:
                running.stored.pop(key, None)
            else:
                running.stored[key] = codec.loads(codec.dumps(value))
        running.execution = Execution.load(
            running.process, execution.dump(), variables=running.stored, services=self.services
        )
        for told in execution.told:
            self._tell(running, told.code)
        for signal in execution.thrown:
            self._signal(signal.name)

    def _tell(self, child: Running, code: str) -> None:
        """What a called process escalates, its caller hears."""
        if child.caller is not None:
            caller, key = child.caller
            caller.execution.escalate(key, code)
            self._run(caller)

    def _waits(self, *kinds: str) -> Iterator[tuple[Running, Wait]]:
        for running in list(self.instances):
            found = list(running.execution.waits().values())
            yield from ((running, wait) for wait in found if wait.kind in kinds)

    def _work(self) -> bool:
        """Do one job that can be done now."""
        for running, wait in self._waits("job"):
            if wait.key not in running.busy and not self._takes_time(running, wait):
                self._finish(running, wait)
                return True
        return False

    def _call(self) -> bool:
        """Start the children of one call activity, or hand their results back when all have ended."""
        for running, wait in self._waits("children"):
            begun = running.called.get(wait.key)
            if begun is None:
                first = len(self.instances)
                for variables in wait.children or ():
                    self.start(wait.process_id or "", variables, caller=(running, wait.key))
                running.called[wait.key] = self.instances[first:]
                return True
            if all(child.execution.ended for child in begun):
                results = [child.execution.results() for child in begun]
                running.execution.finish_children(wait.token, results)
                self._run(running)
                return True
        return False

    def _takes_time(self, running: Running, wait: Wait) -> bool:
        kind = wait.job_type or ""
        if kind != "WAIT_TEN_SECONDS" and not kind.startswith("CREATE_TIMESTAMP_LOG"):
            return False
        running.busy[wait.key] = self.now + TEN_SECONDS
        return True

    def _finish(self, running: Running, wait: Wait) -> None:
        kind = wait.job_type or ""
        if kind == "THROW_ERROR":
            running.execution.throw_error(wait.key, "ERR_CODE")
        else:
            running.execution.complete(wait.key, self._script(running, wait, kind))
        self._run(running)

    def _script(self, running: Running, wait: Wait, kind: str) -> dict[str, Any]:
        """What a script of the suite does: the trace it writes, the variables it gives."""
        seen = running.execution.variables_of(wait.token)
        if kind.startswith(MESSAGE):
            self.unheard.append(kind.removeprefix(MESSAGE))
        elif kind.startswith("INCREMENT_INTEGER_VARIABLE"):
            if kind.endswith("_AND_LOG"):
                self.trace.append("INCREMENT_correct")
            return {"integerVariable": Decimal(seen.get("integerVariable") or 0) + 1}
        elif kind == "SET_STRING_DATA":
            return {"data": "String"}
        elif kind == "LOG_DATA":
            self.trace.append("DATA_correct" if seen.get("data") == "String" else "DATA_wrong")
        elif kind == "CREATE_MARKER_FILE":
            if "MARKER_exists" not in self.trace:
                self.trace.append("MARKER_exists")
        elif kind.startswith("CREATE_TIMESTAMP_LOG"):
            self._overlap()
        elif kind.startswith("SCRIPT_"):
            self.trace.append(kind)
        return {}

    def _overlap(self) -> None:
        """Two timed scripts that ran at the same time."""
        self.spans.append((self.now - TEN_SECONDS, self.now))
        begun, ended = self.spans[-1]
        if any(start < ended and end > begun for start, end in self.spans[:-1]):
            self.trace.append("EXECUTION_parallel")

    # -- between instances ------------------------------------------------------------------------------

    def _signal(self, name: str) -> None:
        """Everybody who waits for it hears it, and processes that it starts begin."""
        for running, wait in list(self._waits("signal")):
            if wait.signal == name and wait.key in running.execution.waits():
                running.execution.receive(wait.key, {})
                self._run(running)
        self._begin("signal", name)

    def _begin(self, kind: str, name: str) -> bool:
        begun = False
        for identity, process in self.processes.items():
            for start in (process.model.elements[one] for one in process.model.start_events):
                if start.event is not None and (start.event.kind, start.event.name) == (kind, name):
                    self.start(identity, {}, at=start.id)
                    begun = True
        return begun

    def _deliver(self) -> bool:
        """Hand one message to the first who waits, or let it start a process; else it stays."""
        for number, name in enumerate(self.unheard):
            hearer = next((one for one in self._waits("message") if one[1].message == name), None)
            if hearer is not None:
                running, wait = hearer
                running.execution.receive(wait.key, {})
                del self.unheard[number]
                self._run(running)
                return True
            if self._begin("message", name):
                del self.unheard[number]
                return True
        return False

    def _advance(self, limit: datetime) -> bool:
        """To the next timer or the next job's end, unless that is later than `limit`."""
        timers = [(wait.due_at, running, wait, True) for running, wait in self._waits("timer") if wait.due_at]
        jobs = [
            (running.busy[wait.key], running, wait, False)
            for running, wait in self._waits("job")
            if wait.key in running.busy
        ]
        due = [one for one in timers + jobs if one[0] <= limit]
        if not due:
            return False
        at, running, wait, timed = min(due, key=lambda one: one[0])
        self.now = max(self.now, at)
        if timed:
            running.execution.fire(wait.key)
            self._run(running)
        else:
            self._finish(running, wait)
        return True
