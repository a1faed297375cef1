"""The engine as pages, programs and tests use it."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection

from engine.bpmn.findings import Finding, Refused, errors
from engine.bpmn.lint import Catalogue
from engine.bpmn.lint import lint as lint_files
from engine.bpmn.lint.undoing_calls import holds_compensation
from engine.clock import ZONE, Clock
from engine.jobs import queue
from engine.jobs.queue import USUAL, Backoff, EmbeddedQueue, Queue
from engine.people.calendar import Calendars
from engine.runtime import outbox
from engine.runtime.background import running
from engine.runtime.definitions.checking import (
    Checked,
    Lint,
    Overtaken,
    digest_of,
    read_diagrams,
    state_of,
)
from engine.runtime.definitions.deploying import Deployed, catalogue_of, deploy
from engine.runtime.definitions.heard import newest
from engine.runtime.definitions.shelf import deployed_models
from engine.runtime.definitions.versions import Definitions
from engine.runtime.events import clockwork, messages, signals
from engine.runtime.events.publishing import PUBLISH
from engine.runtime.housekeeping.chores import House
from engine.runtime.housekeeping.sweeping import Keeping
from engine.runtime.notices import rounds, todos
from engine.runtime.notices.rules import NoticeRules
from engine.runtime.setup import ENGINE, Actor, Cycle, Setup
from engine.runtime.steps.starting import NewInstance, Outdated, start
from engine.store import Database
from engine.work.bindings import Bindings

MOST_JOBS = 200
TRIES = 3
"""How often files are checked that others' deployments overtake."""


def _lint(files: Mapping[str, bytes], catalogue: Catalogue, models: Mapping[str, bytes]) -> list[Finding]:
    return lint_files(files, catalogue=catalogue, models=models)


class Engine:
    """One process's engine on one database; any number of them may share that database."""

    def __init__(
        self,
        database: Database,
        *,
        clock: Clock,
        bindings: Bindings,
        queue: Queue | None = None,
        zone: str = ZONE,
        backoff: Backoff = USUAL,
        senders: Mapping[str, outbox.Sender] | None = None,
        send_attempts: int = 8,
        notices: NoticeRules | None = None,
        keeping: Keeping | None = None,
    ) -> None:
        self.setup = Setup(
            database=database,
            clock=clock,
            bindings=bindings,
            queue=queue or EmbeddedQueue(),
            definitions=Definitions(),
            calendars=Calendars(),
            zone=zone,
            backoff=backoff,
            senders=senders or {},
            send_attempts=send_attempts,
            notices=notices or NoticeRules(),
            keeping=keeping or Keeping(),
        )
        self._house = House(self.setup)

    @classmethod
    def of(cls, setup: Setup) -> "Engine":
        """The engine on a set-up that there is already: what a job is run with."""
        made = cls.__new__(cls)
        made.setup, made._house = setup, House(setup)
        return made

    @property
    def database(self) -> Database:
        return self.setup.database

    @property
    def clock(self) -> Clock:
        return self.setup.clock

    @property
    def definitions(self) -> Definitions:
        return self.setup.definitions

    def deploy(
        self, files: Mapping[str, bytes], *, by: str | None = None, note: str = "", source: str = ""
    ) -> Deployed:
        """Check `files` together and make versions of them, or raise `Refused` and change nothing."""
        return self.deploy_checked(
            files,
            lambda connection, checked: self.deploy_in(
                connection, files, by=by, note=note, source=source, checked=checked
            ),
        )

    def deploy_checked(
        self,
        files: Mapping[str, bytes],
        deploy: Callable[[Connection, Checked], Deployed],
        *,
        lint: Lint = _lint,
    ) -> Deployed:
        """Check `files` while everybody else may write, then `deploy` them in a transaction.

        Done again when something was deployed meanwhile. Raises `Refused`, and `Overtaken` at the last.
        """
        for last in (False,) * (TRIES - 1) + (True,):
            checked = self.check(files, lint=lint)
            if errors(checked.findings):
                raise Refused(list(checked.findings))
            read_diagrams(files)
            try:
                with self.database.write() as connection:
                    return deploy(connection, checked)
            except Overtaken:
                if last:
                    raise
        raise AssertionError("the last try has returned or raised")

    def check(self, files: Mapping[str, bytes], *, lint: Lint = _lint) -> Checked:
        """What the lint says of `files` beside what is deployed now; nobody waits for it."""
        with self.database.read() as connection:
            state, catalogue = state_of(connection), self.catalogue(connection)
            decides = any(name.endswith(".dmn") for name in files)
            models = deployed_models(connection, self.definitions) if decides else {}
        return Checked(tuple(lint(files, catalogue, models)), digest_of(files), state)

    def deploy_in(
        self,
        connection: Connection,
        files: Mapping[str, bytes],
        *,
        by: str | None = None,
        note: str = "",
        source: str = "",
        checked: Checked | None = None,
    ) -> Deployed:
        """Like `deploy`, in the caller's transaction. What was not `checked` before is checked in it."""
        return deploy(
            connection,
            self.definitions,
            files,
            catalogue=self.catalogue,
            by=by,
            note=note,
            at=self.clock.now(),
            source=source,
            checked=checked,
        )

    def catalogue(self, connection: Connection) -> Catalogue:
        """What a diagram may name besides what is deployed with it."""
        services = frozenset(self.setup.bindings.services) | {PUBLISH, *outbox.WRITERS}
        records = frozenset(self.setup.bindings.records)
        known = catalogue_of(connection, handlers=services, records=records)
        drawn = list(newest(connection, self.definitions))
        return replace(
            known,
            form_judge=self.setup.bindings.form_judge,
            messages=frozenset().union(*(process.awaited for process in drawn)),
            calls=frozenset().union(*(process.calls for process in drawn)),
            undoable=frozenset(process.id for process in drawn if holds_compensation(process)),
        )

    def start(
        self,
        process_key: str,
        *,
        cycle: Cycle,
        variables: Mapping[str, Any] | None = None,
        business_key: str | None = None,
        by: Actor = ENGINE,
    ) -> str:
        """Start the newest version of a process; the instance's id.

        Raises `UnknownDefinition`, `AlreadyStarted`.
        """
        with self.database.write(pipelined=True) as connection:
            return self.start_in(
                connection,
                process_key,
                cycle=cycle,
                variables=variables,
                business_key=business_key,
                by=by,
            )

    def start_in(
        self,
        connection: Connection,
        process_key: str,
        *,
        cycle: Cycle,
        variables: Mapping[str, Any] | None = None,
        business_key: str | None = None,
        by: Actor = ENGINE,
    ) -> str:
        """Like `start`, in the caller's transaction."""
        known, newest = self.definitions.ask_latest(connection, "process", process_key)
        new = NewInstance(
            version=self.definitions.process(connection, known.id),
            cycle_id=cycle.id,
            year=cycle.year,
            variables={**cycle.variables(), **(variables or {})},
            business_key=business_key,
            actor=by,
            newest=newest,
        )
        try:
            return start(self.setup, connection, new).row.id
        except Outdated as outdated:
            version = self.definitions.process(connection, outdated.newest.id)
            return start(self.setup, connection, replace(new, version=version, newest=None)).row.id

    def publish(self, connection: Connection, message: messages.NewMessage) -> bool:
        """Publish a message in the caller's transaction; False when it was published before."""
        return messages.publish(self.setup, connection, message)

    def throw(self, connection: Connection, signal: signals.NewSignal) -> int:
        """Throw a signal in the caller's transaction: how many instances it will reach or start."""
        return signals.throw(self.setup, connection, signal)

    def run_due(self, *, limit: int = MOST_JOBS) -> int:
        """Do what is due now: timers, reminders, notices, at most `limit` jobs, a chore. How much was it."""
        with self.database.read(pipelined=True) as connection:
            clock = clockwork.ask_due(self.setup, connection)
            notices = rounds.ask_to_tell(self.setup, connection)
            due = queue.ask_due_jobs(connection, limit=limit)
            ticks, tells, jobs = clock(), notices(), due()
        done = clockwork.tick(self.setup) if ticks else 0
        queued = rounds.go_round(self.setup, found=tells) if ticks or tells else False
        if ticks or queued:  # what the clock and the notices queue is done in the same turn
            with self.database.read() as connection:
                jobs = queue.due_jobs(connection, limit=limit)
        for job in jobs:
            running.run_read_job(self.setup, job)
        return done + len(jobs) + self._house.look()

    def reconcile_todos(self) -> int:
        """Compare what an outside to-do centre was told with what is open; how much was pushed."""
        return todos.reconcile(self.setup)

    def drain(self, *, rounds: int = 10_000) -> int:
        """Run until nothing is due any more; how much was done. Retries that wait are left waiting."""
        total = 0
        for _ in range(rounds):
            done = self.run_due()
            total += done
            if not done:
                return total
        raise RuntimeError(f"still busy after {rounds} rounds: a process without end?")
