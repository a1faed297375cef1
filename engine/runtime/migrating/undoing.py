"""Moving an instance back: to exactly what it was, until it has gone on."""

from dataclasses import replace

from sqlalchemy import Connection

from engine.bpmn.execution import Execution
from engine.bpmn.heard import Heard
from engine.bpmn.migration.carrying import put_back, values_of
from engine.runtime.events.messages import AlreadySubscribed
from engine.runtime.migrating import keeping
from engine.runtime.migrating.items import QUERIES, close_rows, refresh
from engine.runtime.migrating.keeping import Kept
from engine.runtime.migrating.moving import digest, in_version, rename_incidents, said, write
from engine.runtime.migrating.plan import Plan
from engine.runtime.migrating.prepared import Prepared
from engine.runtime.setup import ENGINE, Actor, Setup
from engine.runtime.steps.rows import lock_instance
from engine.runtime.steps.step import RUNNING, SUSPENDED, Step, look_at, services_for
from engine.store import Row


class Stays(Exception):
    """The instance cannot be moved back: it has gone on, or ended."""


def move_back(
    setup: Setup,
    connection: Connection,
    plan: Plan,
    instance_id: str,
    *,
    migration_id: str,
    by: Actor = ENGINE,
) -> bool:
    """Undo the move of an instance in this transaction; False when it is undone already. Raises `Stays`."""
    row = lock_instance(connection, instance_id)
    kept = QUERIES.row(connection, "kept", migration_id=migration_id, instance_id=instance_id)
    if kept is None or kept["state"] == "back":
        return False
    if kept["before_state"] is None or row.status not in (RUNNING, SUSPENDED):
        raise Stays("流程已经结束，不能退回旧版。" if kept["before_state"] else "它没有被这次迁移移动过。")
    if row.definition_version_id != plan.new.version.id or digest(row.state) != kept["after_digest"]:
        raise Stays("迁移之后流程已经往前走了，不能退回旧版。")
    if acted := QUERIES.row(connection, "acted_since", instance_id=instance_id):
        if acted["verb"] == "resume":
            raise Stays("迁移之后流程挂起过，期限已经顺延，不能退回旧版。")
        raise Stays(f"迁移之后{acted['person_name'] or '有人'}已经办过这里的任务，不能退回旧版。")
    _write_back(setup, connection, plan, look_at(setup, connection, row, actor=by), kept)
    settled = {"migration_id": migration_id, "instance_id": instance_id}
    QUERIES.run(connection, "back", **settled, at=setup.clock.now())
    return True


def _write_back(setup: Setup, connection: Connection, plan: Plan, step: Step, row: Row) -> None:
    kept = keeping.read(connection, row["before_text"])
    execution = Execution.load(
        plan.old.process,
        bytes(row["before_state"]),
        variables=values_of(step.execution),
        services=services_for(setup, connection, plan.old, step.functions),
    )
    put_back(execution, kept.variables)
    back = in_version(step, plan.old, execution, mapping={})
    back = replace(back, row=replace(back.row, visits=kept.visits))
    _items_back(back, kept)
    prepared = Prepared(back, step.before, execution.waits())
    execution.heard.append(Heard("migrate_back", "", "", said(plan.reversed())))
    try:
        write(
            prepared,
            act=f"migrate_back:{plan.old.version.number}",
            verb="migrate_back",
            words=plan.reversed().words,
        )
    except AlreadySubscribed as taken:
        raise Stays(f"{taken}，不能退回旧版。") from taken
    rename_incidents(connection, step.row.id, plan.reversed().mapping, known=kept.incidents)


def _items_back(step: Step, kept: Kept) -> None:
    """Items as they were: those that the migration opened go, those that it closed come back.

    Who has claimed one since keeps it, as long as its people are the same.
    """
    rows = {row["id"]: row for row in QUERIES.rows(step.connection, "items", instance_id=step.row.id)}
    known = {row["id"] for row in kept.items}
    close_rows(step, [row for row in rows.values() if row["id"] not in known])
    for was in kept.items:
        now = rows.get(was["id"])
        if now is None:
            step.opened.append(was)
            continue
        same = all(was[name] == now[name] for name in ("meant_user_id", "meant_unit_id", "meant_post_key"))
        here = {"assignee_id": now["assignee_id"], "opened_at": now["opened_at"]} if same else {}
        refresh(step, was | here, redated=was["id"] in kept.redated)
