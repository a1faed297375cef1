"""处理异常: the one door through which the office mends what has stopped. Pages, REST and tests come here.

Lock the instance → may this person? → is it still as the person saw it? → history → change → audit → commit.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from psycopg import OperationalError
from sqlalchemy import Connection

from engine.audit import administration
from engine.bpmn.failures import ExecutionFailed, IllegalMove
from engine.bpmn.scopes import HIDDEN
from engine.bpmn.script import LONGEST_NAME
from engine.people.persons import Person
from engine.people.rights import Thing, may
from engine.runtime.engine import Engine
from engine.runtime.incidents import mending, register
from engine.runtime.incidents.mending import Act
from engine.runtime.outbox import SEND
from engine.runtime.setup import Actor
from engine.runtime.steps.rows import Conflict, InstanceRow, lock_instance
from engine.runtime.steps.step import RUNNING, NotRunning, Step, load_step
from engine.runtime.steps.troubles import Hold, holding_what_fails
from engine.store import Row
from engine.verbs.refusals import Broken, Closed, Invalid, NotAllowed, NotVisible, Refusal, Stale
from engine.verbs.showing.withheld import withheld_from
from engine.verbs.tokens.returning import downstream
from engine.verbs.visit import MOST_OPINION
from engine.work.bindings import FieldError
from engine.work.history import may_see

ACTS = {"retry": "重试", "correct": "改正数据", "skip": "跳过", "jump": "移动令牌"}
LOCKED = ("cycle", "assessor")
"""Variables on which rights and messages hang: nobody corrects them, nor gives them in passing (跳过)."""


@dataclass(frozen=True)
class Mending:
    """What the office asks. `version` is what `IncidentView.version` was; None (retry only) asks nothing."""

    version: int | None = None
    reason: str = ""
    changes: Mapping[str, Any] = field(default_factory=dict)
    outputs: Mapping[str, Any] = field(default_factory=dict)
    flow: str = ""
    target: str = ""
    then_retry: bool = False


@dataclass(frozen=True)
class Mended:
    """What came of it: still open with this sentence, or done; and which tasks are open because of it."""

    incident_id: str
    cycle_id: str
    instance_id: str | None
    open: bool
    message: str
    opened: int
    ended: bool


@dataclass
class Bench:
    """One incident under lock, with who mends it."""

    engine: Engine
    connection: Connection
    person: Person
    incident: Row
    row: InstanceRow | None
    asked: Mending
    hold: Hold

    @property
    def actor(self) -> Actor:
        return Actor(self.person.id, self.person.name)

    def step(self) -> Step:
        """The instance in memory. Raises `Closed`."""
        assert self.row is not None  # asked for where there is an instance
        try:
            return load_step(self.engine.setup, self.connection, self.row, actor=self.actor, hold=self.hold)
        except NotRunning as over:
            raise Closed(f"{over}。") from over

    def token(self, step: Step) -> str:
        """The token that has stopped. Raises `Closed`."""
        found = mending.token_of(step, self.incident)
        if found is None:
            raise Closed("流程已经不在这里等待，这件异常不用再处理。")
        return found


def mend(engine: Engine, person: Person, incident_id: str, act: str, asked: Mending) -> Mended:
    """Do one of `ACTS` with an open incident. Raises a `Refusal`."""
    if act not in ACTS:
        raise NotAllowed(f"没有“{act}”这个处理办法；可以：{'、'.join(ACTS.values())}。")
    for last_try in (False, True):
        try:
            mended = holding_what_fails(lambda hold: _mend(engine, person, incident_id, act, asked, hold))
            if not (act == "correct" and asked.then_retry and mended.open):
                return mended
            return mend(engine, person, incident_id, "retry", Mending(reason=asked.reason))
        except (Conflict, OperationalError) as conflict:
            if last_try:
                raise Stale("这件异常同时有他人在处理，请刷新后再试。") from conflict
        except IllegalMove as illegal:
            raise Invalid(
                f"{illegal}。", errors=(FieldError("target", illegal.code, str(illegal)),)
            ) from illegal
        except ExecutionFailed as failure:
            raise Broken(f"流程图在这一步出错，没有任何改动：{failure}") from failure
    raise AssertionError("unreachable")


def _mend(engine: Engine, person: Person, incident_id: str, act: str, asked: Mending, hold: Hold) -> Mended:
    with engine.database.write() as connection:
        incident = seen(connection, person, incident_id)
        require_office(person, incident)
        row = None
        if incident["instance_id"] is not None:
            row = lock_instance(connection, incident["instance_id"])
            incident = seen(connection, person, incident_id)  # after the lock, so as it is now
        _check(incident, row, act, asked)
        bench = Bench(engine, connection, person, incident, row, asked, hold)
        step = _DOES[act](bench)
        if row is None:
            _note_without_instance(bench, act)
        after = register.read_open(connection, incident_id)
        return Mended(
            incident_id=incident_id,
            cycle_id=incident["cycle_id"],
            instance_id=incident["instance_id"],
            open=after is not None,
            message=after["message"] if after else "",
            opened=len(step.opened) if step else 0,
            ended=step.execution.ended if step else False,
        )


def seen(connection: Connection, person: Person, incident_id: str) -> Row:
    """The open incident, for who sees its instance or mends there. Raises `NotVisible`."""
    incident = register.read_open(connection, incident_id)
    if incident is None:
        raise NotVisible
    instance_id = incident["instance_id"]
    if not may_mend(person, incident) and not (instance_id and may_see(connection, person, instance_id)):
        raise NotVisible
    return incident


def may_mend(person: Person, thing: Row) -> bool:
    """Whether the person mends what belongs to this assessor and cycle; a right to one unit is not enough."""
    return may(person, "mend", Thing(assessor_id=thing["assessor_id"], cycle_id=thing["cycle_id"]))


def require_office(person: Person, thing: Row) -> None:
    """Raises `NotAllowed`."""
    if not may_mend(person, thing):
        raise NotAllowed("您可以查看办理过程，但异常由考评办处理。")


def version_of(incident: Row) -> int:
    """What changes whenever the incident or its instance does."""
    return int(incident["version"]) + int(incident["lock_version"] or 0)


def _check(incident: Row, row: InstanceRow | None, act: str, asked: Mending) -> None:
    if row is not None and row.status != RUNNING and incident["kind"] != SEND:
        raise Closed(f"{NotRunning(row.status)}。")
    if asked.version is None and act != "retry":
        raise Invalid("请先打开这件异常，再处理。")
    if asked.version is not None and asked.version != version_of(incident):
        raise Stale("这件异常或它的流程在您打开之后有过变动，请刷新后再处理。")
    if act != "retry" and not asked.reason.strip():
        error = FieldError("reason", "required", f"请写明{ACTS[act]}的理由：它记入办理过程，不能再改。")
        raise Invalid(error.message, errors=(error,))
    if len(asked.reason) > MOST_OPINION:
        raise Invalid(f"理由最多 {MOST_OPINION} 字。")
    for name in (*asked.changes, *asked.outputs):
        if name in LOCKED or name.startswith(HIDDEN):
            raise Invalid(f"“{name}”由系统维护，不能改正。")
        if not name.strip() or len(name) > LONGEST_NAME:
            raise Invalid(f"变量的名称要有 1 至 {LONGEST_NAME} 个字。")


def _retry(bench: Bench) -> Step | None:
    incident, act = bench.incident, Act("retry", bench.asked.reason.strip())
    if incident["token"] is not None:
        step = bench.step()
        mending.retry_token(step, incident, bench.token(step), act)
        return step
    _settle_job(bench, act)
    return None


def _settle_job(bench: Bench, act: Act) -> None:
    setup, connection = bench.engine.setup, bench.connection
    mending.settle_job(setup, connection, bench.row, bench.incident, act, actor=bench.actor)


def _correct(bench: Bench) -> Step | None:
    asked = bench.asked
    if bench.row is None:
        raise Invalid("这件异常没有流程实例，没有可以改正的数据。")
    step = bench.step()
    if not asked.changes:
        raise Invalid("没有改动任何数据。")
    _check_seen(bench, step, asked.changes)
    mending.correct(step, bench.incident, asked.changes, asked.reason.strip())
    return step


def _skip(bench: Bench) -> Step | None:
    incident, act = bench.incident, Act("skip", bench.asked.reason.strip())
    if bench.row is None or incident["kind"] == SEND:
        _settle_job(bench, act)
        return None
    step = bench.step()
    token = mending.token_of(step, incident)
    if incident["kind"] in mending.DROPPED or (token is None and incident["job_id"] is not None):
        mending.drop_job(step, incident, act)
        return step
    flow = bench.asked.flow or None
    _check_seen(bench, step, bench.asked.outputs)
    mending.skip(step, incident, bench.token(step), bench.asked.outputs, act=act, flow=flow)
    return step


def _check_seen(bench: Bench, step: Step, values: Mapping[str, Any]) -> None:
    """Nobody writes over what they must not read."""
    names = withheld_from(bench.engine.setup, bench.connection, bench.person, step) & values.keys()
    if names:
        said = "、".join(sorted(names))
        raise NotAllowed(f"“{said}”按步骤的字段权限不给您看，您也不能改；请由能看的人处理。")


def _jump(bench: Bench) -> Step | None:
    if bench.row is None:
        raise Invalid("这件异常没有流程实例，没有可以移动的令牌。")
    step, target = bench.step(), bench.asked.target
    token = bench.token(step)
    act = Act("jump", bench.asked.reason.strip(), target=target)
    back = target in step.row.visits.elements
    mending.jump(step, bench.incident, token, act, superseded=downstream(step, target) if back else [])
    return step


def _note_without_instance(bench: Bench, act: str) -> None:
    """There is no history of an instance to write to: it stands in the record of administration."""
    incident = bench.incident
    subject = administration.Subject(
        incident["id"], incident["message"][:200], assessor_id=incident["assessor_id"]
    )
    administration.note(
        bench.connection,
        "mend",
        subject,
        at=bench.engine.clock.now(),
        actor_id=bench.person.id,
        actor_name=bench.person.name,
        note=f"{ACTS[act]}：{bench.asked.reason.strip()}",
    )


_DOES: Mapping[str, Callable[[Bench], Step | None]] = {
    "retry": _retry,
    "correct": _correct,
    "skip": _skip,
    "jump": _jump,
}


def retry_same(engine: Engine, person: Person, incident_id: str) -> tuple[int, int]:
    """重试 all open incidents of the same cause, each by itself: how many went on, how many did not.

    Raises `NotVisible`, `NotAllowed`.
    """
    with engine.database.read() as connection:
        require_office(person, seen(connection, person, incident_id))
        ids = [row["id"] for row in register.same_cause(connection, incident_id)]
    gone_on = 0
    for one in ids:
        try:
            gone_on += not mend(engine, person, one, "retry", Mending()).open
        except Refusal:
            continue
    return gone_on, len(ids) - gone_on
