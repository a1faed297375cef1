"""Mending: what the office does with an incident. Each act writes history first, then changes the instance.

改正数据 changes variables and moves nothing; 重试 lets it try again; 跳过 lets it past, as if it had given
what the office says; 移动令牌 puts it elsewhere. The instance is locked by the caller, in a step of its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from engine.audit import chain
from engine.jobs import queue
from engine.runtime.incidents.register import QUERIES
from engine.runtime.incidents.typed import kind_of, text_of
from engine.runtime.setup import Actor, Setup
from engine.runtime.steps import closing
from engine.runtime.steps.finishing import finish
from engine.runtime.steps.rows import InstanceRow
from engine.runtime.steps.step import Step
from engine.store import Row
from engine.work.items import Doing, event_row, text_row, write_events, write_texts

DROPPED = ("timer", "deliver", "signal", "judge", "cancel_children", "send")
"""Jobs that are forgotten when they are skipped: the instance waits on, or needs them no more."""


@dataclass(frozen=True)
class Act:
    """One act of the office: its name in the history, why, and where a token goes by it.

    `outcome` tells apart what goes by one name: a jump that sends a task back to somebody says `back`.
    """

    verb: str
    reason: str
    target: str | None = None
    told: str = ""
    outcome: str = ""


def token_of(step: Step, incident: Row) -> str | None:
    """The token that an incident is about: held in the diagram, or waiting for the job that stopped."""
    if incident["token"] is not None:
        return str(incident["token"]) if incident["token"] in step.execution.held else None
    wait = step.before.get(incident["wait_key"] or "")
    return wait.token if wait else None


def record(step: Step, incident: Row, act: Act) -> None:
    """Write an act into the instance's history, which nobody changes."""
    row = write_act(step.connection, step.row, incident["element_id"], act, actor=step.actor, at=step.at)
    step.events.append(row)
    step.mending = act.verb


def retry_token(step: Step, incident: Row, token: str, act: Act) -> None:
    """重试 what failed in the diagram: at once, in this step."""
    record(step, incident, act)
    step.execution.release(token)
    finish(step, act=f"retry:{incident['element_id']}")


def settle_job(
    setup: Setup, connection: Connection, row: InstanceRow | None, incident: Row, act: Act, *, actor: Actor
) -> None:
    """重试 a job that has stopped, soon, by whoever runs jobs; or give it up (跳过).

    No token moves by it, and the instance need not be readable for it, nor still run.
    """
    at = setup.clock.now()
    if row is not None:
        event = write_act(connection, row, incident["element_id"], act, actor=actor, at=at)
        actor_id, name = actor.person_id or "engine", f"{act.verb}:{incident['kind']}"
        chain.enter(connection, row.id, at=at, actor=actor_id, act=name, events=[event])
    if act.verb == "retry":
        queue.retry(connection, setup.queue, incident["job_id"])
    else:
        QUERIES.run(connection, "forget_job", id=incident["job_id"])
    QUERIES.run(connection, "resolve", id=incident["id"], at=at, by=actor.person_id, resolution=act.verb)


def correct(step: Step, incident: Row, changes: Mapping[str, Any], reason: str) -> None:
    """改正数据: set variables; history says what was and what is."""
    token = token_of(step, incident)
    seen = step.execution.variables_of(token)
    told = "；".join(f"{name}：{_said(seen.get(name))} → {_said(value)}" for name, value in changes.items())
    record(step, incident, Act("correct", reason, told=told))
    step.execution.correct(token, changes)
    finish(step, act=f"correct:{incident['element_id']}", run=False)


def skip(step: Step, incident: Row, token: str, outputs: Mapping[str, Any], *, act: Act, flow: str | None
         ) -> None:  # fmt: skip
    """跳过: past the element, with what the office says that it gave. Raises IllegalMove."""
    record(step, incident, act)
    _close_job(step, incident)
    step.execution.skip(token, outputs, flow=flow)
    finish(step, act=f"skip:{incident['element_id']}")


def drop_job(step: Step, incident: Row, act: Act) -> None:
    """跳过 a job that moves nothing by itself: it is forgotten."""
    record(step, incident, act)
    _close_job(step, incident)
    finish(step, act=f"skip:{incident['element_id']}", run=False)


def jump(step: Step, incident: Row, token: str, act: Act, *, superseded: list[str]) -> None:
    """移动令牌: what lies downstream is closed, decisions there no longer count. Raises IllegalMove."""
    record(step, incident, act)
    _close_job(step, incident)
    closing.supersede_visited(step, superseded)
    step.execution.jump(token, target=act.target or "")
    finish(step, act=f"jump:{incident['element_id']}")


def _close_job(step: Step, incident: Row) -> None:
    if incident["job_id"] is None:
        return
    QUERIES.run(step.connection, "forget_job", id=incident["job_id"])
    QUERIES.run(
        step.connection,
        "resolve",
        id=incident["id"],
        at=step.at,
        by=step.actor.person_id,
        resolution=step.mending,
    )


def write_act(
    connection: Connection, row: InstanceRow, element_id: str, act: Act, *, actor: Actor, at: datetime
) -> Row:
    """Write an act on an instance (and perhaps one of its elements) into its history; the row."""
    content = "。".join(part for part in (act.told, act.reason) if part)
    text = text_row(cycle_id=row.cycle_id, instance_id=row.id, kind="reason", content=content)
    write_texts(connection, [text])
    doing = Doing(
        act.verb,
        outcome=act.outcome,
        person_id=actor.person_id,
        person_name=actor.name,
        text_id=str(text["id"]),
        target_element_id=act.target,
    )
    event = event_row(_nobodys(row, element_id), doing, at=at)
    write_events(connection, [event])
    return event


def _nobodys(row: InstanceRow, element_id: str) -> Row:
    """An act on an instance stands in its history like one on an item, but there is none."""
    same = ("cycle_id", "year", "root_id", "process_key", "definition_version_id", "subject_unit_id",
            "subject_name", "matter")  # fmt: skip
    nothing = dict.fromkeys(("id", "unit_id", "post_key", "created_at", "due_at"))
    place = {"instance_id": row.id, "element_id": element_id, "round": row.visits.round_of(element_id)}
    return {**nothing, **place, **{name: getattr(row, name) for name in same}}


def _said(value: Any) -> str:
    text = text_of(value)
    return "无" if kind_of(value) == "null" else text if len(text) <= 200 else f"{text[:200]}…"
