"""One instance to another version: looked at first, then written in one transaction, or refused and why."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any, Literal

from sqlalchemy import Connection

from engine.bpmn.execution import Execution, Services, Wait
from engine.bpmn.failures import ExecutionFailed
from engine.bpmn.heard import Heard
from engine.bpmn.migration.carrying import Remark, carry
from engine.bpmn.migration.obstacles import Obstacle, obstacles
from engine.bpmn.model import Element
from engine.bpmn.votes import may_seat
from engine.runtime.definitions.versions import ProcessVersion
from engine.runtime.instances.suspending import rest
from engine.runtime.migrating import keeping
from engine.runtime.migrating.forms import form_remarks
from engine.runtime.migrating.items import QUERIES, changed_items, same_people, write_changed
from engine.runtime.migrating.plan import Plan
from engine.runtime.migrating.prepared import Prepared
from engine.runtime.migrating.waits import awaited, rewire
from engine.runtime.setup import ENGINE, Actor, Setup
from engine.runtime.steps import closing, finishing, opening
from engine.runtime.steps.rows import InstanceRow, lock_instance, read_instance, save
from engine.runtime.steps.step import RUNNING, SUSPENDED, Step, look_at, services_for
from engine.store import Row
from engine.work.items import Doing, event_row, text_row, write_events, write_texts
from engine.work.routing import NobodyAssigned
from engine.work.signers import seats_of

State = Literal["fits", "moved", "there", "refused", "over"]
VOTING = (
    "bihuan:vote", "bihuan:reject", "bihuan:approves", "bihuan:signers", "bihuan:weights", "bihuan:voters",
)  # fmt: skip
ANOTHER = "它在另一个版本上，不在这次迁移的起点版本。"
ENDED = "流程已经结束，不用迁移。"
THERE = "它已经在目标版本上。"
OF_THE_INSTANCE = (
    "cycle_id", "year", "root_id", "process_key", "definition_version_id", "subject_unit_id", "subject_name",
    "matter",
)  # fmt: skip


@dataclass(frozen=True)
class Checked:
    """What would become of an instance: it `fits`, is `there` already, is `over`, or why it is `refused`."""

    instance_id: str
    subject: str
    matter: str
    state: State
    obstacles: tuple[Obstacle, ...] = ()
    remarks: tuple[Remark, ...] = ()


class Unfit(Exception):
    """The instance cannot be moved as it stands now."""

    def __init__(self, found: list[Obstacle]) -> None:
        super().__init__(" ".join(f"{one.message}{one.hint}" for one in found))
        self.obstacles = tuple(found)


def check(setup: Setup, connection: Connection, plan: Plan, instance_id: str) -> Checked:
    """What would become of an instance if it were moved now. Writes nothing. Raises `UnknownInstance`."""
    row = read_instance(connection, instance_id)
    state = _state(row, plan)
    if state is not None:
        return _checked(row, state, [_settled(state)])
    try:
        prepared = prepare(look_at(setup, connection, row), plan)
    except Unfit as unfit:
        return _checked(row, "refused", list(unfit.obstacles))
    return _checked(row, "fits", [], prepared.remarks)


def _state(row: InstanceRow, plan: Plan) -> State | None:
    """What is settled before the instance is looked into."""
    if row.status not in (RUNNING, SUSPENDED):
        return "over"
    if row.definition_version_id == plan.new.version.id:
        return "there"
    return "refused" if row.definition_version_id != plan.old.version.id else None


def _settled(state: State) -> Obstacle:
    words = {"over": ENDED, "there": THERE, "refused": ANOTHER}
    return Obstacle("", "version" if state == "refused" else state, words[state], "")


def _checked(
    row: InstanceRow, state: State, found: list[Obstacle], remarks: list[Remark] | None = None
) -> Checked:
    return Checked(row.id, row.subject_name, row.matter, state, tuple(found), tuple(remarks or ()))


def prepare(step: Step, plan: Plan) -> Prepared:
    """The instance of `step` in the new version, with all that has to change. Raises `Unfit`."""
    passage = plan.passage
    found = [*obstacles(step.execution, passage), *_signing(step, plan)]
    if found:
        raise Unfit(found)
    try:
        carried = carry(step.execution, passage, services=_services(step, plan.new))
        moved = in_version(step, plan.new, carried.execution, mapping=plan.mapping)
        after = moved.execution.waits()
        if taken := _taken(moved, step.before, after):
            raise Unfit(taken)
        rows = QUERIES.rows(step.connection, "items", instance_id=step.row.id)
        items = [
            changed_items(
                moved,
                passage,
                wait,
                rows=[row for row in rows if row["wait_key"] == key],
                before=plan.old.element(step.before[key].element),
            )
            for key, wait in after.items()
            if wait.kind == "user"
        ]
    except ExecutionFailed as failure:
        raise Unfit([_failed(failure.element, str(failure))]) from failure
    except NobodyAssigned as nobody:
        raise Unfit([_failed(nobody.element_id, f"{nobody}。")]) from nobody
    remarks = carried.remarks + form_remarks(step, plan, after)
    return Prepared(moved, step.before, after, items, remarks)


def in_version(
    step: Step, version: ProcessVersion, execution: Execution, *, mapping: Mapping[str, str]
) -> Step:
    """The same step on another version of its process."""
    visits = step.row.visits.renamed(mapping)
    row = replace(step.row, definition_version_id=version.version.id, visits=visits)
    return replace(
        step, row=row, version=version, execution=execution, opened=[], apart=[], events=[], returned=None
    )


def _services(step: Step, version: ProcessVersion) -> Services:
    return services_for(step.setup, step.connection, version, step.functions)


def _failed(element: str, message: str) -> Obstacle:
    return Obstacle(element, "failed", message, "请修正新版的流程图，重新部署后再迁移。")


def _signing(step: Step, plan: Plan) -> list[Obstacle]:
    """A step on which several people are deciding keeps its rule."""
    found = []
    for wait in step.before.values():
        here, there = plan.old.element(wait.element), plan.passage.target(wait.element)
        if wait.kind != "user" or there is None:
            continue
        if [here.properties.get(name) for name in VOTING] != [there.properties.get(name) for name in VOTING]:
            message = f"“{here.name or here.id}”正在会签，新版改了签署的办法。"
            found.append(Obstacle(here.id, "signing", message, "等这一步签署完再迁移。"))
        elif _seated(step, wait, here) and not (may_seat(there.properties) and same_people(here, there)):
            message = f"“{here.name or here.id}”正请了别人一起办，新版改了办理人或不许再请人。"
            found.append(Obstacle(here.id, "signing", message, "等请的人办完，或收回以后再迁移。"))
    return found


def _taken(step: Step, before: Mapping[str, Wait], after: Mapping[str, Wait]) -> list[Obstacle]:
    """Messages that the new version waits for and that another instance waits for already."""
    found = []
    for key, wait in after.items():
        old = before.get(key)
        if wait.kind != "message" or (old is not None and awaited(old) == awaited(wait)):
            continue
        name, place = wait.message or "", wait.correlation_key or ""
        asked = {"cycle_id": step.row.cycle_id, "name": name, "correlation_key": place}
        if QUERIES.row(step.connection, "awaited_by_another", **asked, instance_id=step.row.id):
            element = step.version.element(wait.element)
            message = f"“{element.name or element.id}”要等的消息“{name}”（关联键 {place}）已有别的流程在等。"
            hint = "等那一个收到消息，或改新版里的关联键，再迁移。"
            found.append(Obstacle(old.element if old is not None else wait.element, "taken", message, hint))
    return found


def _seated(step: Step, wait: Wait, here: Element) -> bool:
    """Whether others were asked or added on a step that was drawn for one person."""
    if "bihuan:vote" in here.properties or not may_seat(here.properties):
        return False
    return bool(seats_of(step.connection, instance_id=step.row.id, wait_key=wait.key))


# -- writing ---------------------------------------------------------------------------------------------


def move(
    setup: Setup,
    connection: Connection,
    plan: Plan,
    instance_id: str,
    *,
    migration_id: str,
    by: Actor = ENGINE,
) -> Checked:
    """Move an instance in this transaction; what stands in its way is answered, and nothing is changed then.

    Moving it a second time changes nothing. Raises `UnknownInstance`, `Conflict`.
    """
    row = lock_instance(connection, instance_id)
    state = _state(row, plan)
    if state is not None:
        return _checked(row, state, [_settled(state)])
    step = look_at(setup, connection, row, actor=by)
    try:
        prepared = prepare(step, plan)
    except Unfit as unfit:
        return _checked(row, "refused", list(unfit.obstacles))
    kept = keeping.keep(step, prepared)
    prepared.step.execution.heard.append(Heard("migrate", "", "", said(plan)))
    write(prepared, act=f"migrate:{plan.new.version.number}", verb="migrate", words=plan.words)
    rename_incidents(connection, instance_id, plan.mapping, known={})
    QUERIES.run(
        connection,
        "moved",
        migration_id=migration_id,
        instance_id=instance_id,
        before_state=step.row.state,
        before_text=kept,
        after_digest=digest(prepared.step.execution.dump()),
        at=step.at,
    )
    return _checked(row, "moved", [], prepared.remarks)


def said(plan: Plan) -> dict[str, Any]:
    """What the record keeps of a move."""
    return {"from": plan.old.version.id, "to": plan.new.version.id, "mapping": dict(plan.mapping)}


def write(prepared: Prepared, *, act: str, verb: str, words: str) -> None:
    """Bring the rows in line with the instance in its version, add to history and audit, and save."""
    step, before, after = prepared.step, prepared.before, prepared.after
    for changed in prepared.items:
        write_changed(step, changed)
    closing.close_waits(step, {key: wait for key, wait in before.items() if key not in after})
    opening.open_waits(step, {key: wait for key, wait in after.items() if key not in before})
    rewire(step, before, after)
    if step.row.status == SUSPENDED:
        rest(step)
    tell(step, verb=verb, words=words)
    finishing.assert_items_match(step, after)
    finishing.audit(step, act)
    save(step.connection, step.row, step.execution)
    version_id = step.version.version.id
    QUERIES.run(step.connection, "repin", id=step.row.id, definition_version_id=version_id)


def tell(step: Step, *, verb: str, words: str) -> None:
    """One row of the history: who moved the instance, and from where to where."""
    row = step.row
    text = text_row(cycle_id=row.cycle_id, instance_id=row.id, kind="reason", content=words)
    write_texts(step.connection, [text])
    active = step.execution.active()
    item: Row = {
        **{name: getattr(row, name) for name in OF_THE_INSTANCE},
        "id": None,
        "instance_id": row.id,
        "element_id": active[0] if active else "",
        "round": row.visits.round_of(active[0]) if active else 1,
        "unit_id": None,
        "post_key": None,
        "created_at": None,
        "due_at": None,
    }
    doing = Doing(verb, person_id=step.actor.person_id, person_name=step.actor.name, text_id=text["id"])
    event = event_row(item, doing, at=step.at)
    write_events(step.connection, [event])
    step.events.append(event)


def rename_incidents(
    connection: Connection, instance_id: str, mapping: Mapping[str, str], *, known: Mapping[str, str]
) -> None:
    """Open incidents name the element under its new id; that of those `known` by their own id is given."""
    for row in QUERIES.rows(connection, "incidents", instance_id=instance_id):
        element_id = known.get(row["id"], mapping.get(row["element_id"], row["element_id"]))
        if element_id != row["element_id"]:
            QUERIES.run(connection, "rename_incident", id=row["id"], element_id=element_id)


def digest(state: bytes) -> str:
    """Tells whether an instance has gone on: tokens' numbers are never used again."""
    return sha256(state).hexdigest()
