"""Ending an instance before its diagram does; its open work and its children end with it.

Nothing of it is deleted: what was open stands in the history as closed, and who had it is told why.
"""

from collections.abc import Sequence
from pathlib import Path

from engine.runtime.incidents.mending import Act, write_act
from engine.runtime.instances.suspending import QUERIES as SUSPENDING
from engine.runtime.instances.suspending import standing_of
from engine.runtime.setup import Actor
from engine.runtime.steps import closing
from engine.runtime.steps.finishing import audit
from engine.runtime.steps.followers import tell_followers
from engine.runtime.steps.rows import save
from engine.runtime.steps.step import SUSPENDED, Step
from engine.store import Queries, Row
from engine.work.notices import Notice, notify

QUERIES = Queries(Path(__file__).with_name("terminating.sql"))
SYSTEM = Actor(None, "系统")


def terminate(step: Step, *, reason: str, status: str = "terminated") -> None:
    """End the instance of `step` as it stands; the audit says why."""
    closed = _close(step)
    tell_whose_work_ends(step, closed, reason=reason)
    _end(step, status=status, said=f"{status}:{reason}")


def end_by(step: Step, act: Act, *, status: str) -> None:
    """The actor of `step` ends its instance (终止, 作废, 撤销), with what it has called."""
    event = write_act(step.connection, step.row, "", act, actor=step.actor, at=step.at)
    step.events.append(event)
    step.because = {"verb": act.verb, "name": step.actor.name, "reason": act.reason}
    closed = _close(step)
    tell_whose_work_ends(step, closed, reason=act.reason)
    _end(step, status=status, said=act.verb)


def end_with_caller(step: Step, because: Row) -> None:
    """The caller was ended by a person: so is what it has called, and its history says by whom and why."""
    step.actor, step.because = SYSTEM, because
    act = Act(because["verb"], because["reason"], told=f"上级流程由{because['name']}结束")
    step.events.append(write_act(step.connection, step.row, "", act, actor=SYSTEM, at=step.at))
    closed = _close(step)
    tell_whose_work_ends(step, closed, reason=because["reason"], name=because["name"])
    _end(step, status="terminated", said=because["verb"])


def tell_whose_work_ends(
    step: Step, closed: Sequence[Row], *, reason: str, name: str = "", kind: str = "ended"
) -> None:
    """A notice of `kind` to each who had one of the items (their rows) that are gone now."""
    names = {row["element_id"]: step.version.element(row["element_id"]).name for row in closed}
    notices = [
        Notice(
            cycle_id=row["cycle_id"],
            kind=kind,
            user_id=row["assignee_id"],
            unit_id=None if row["assignee_id"] else row["unit_id"],
            post_key=None if row["assignee_id"] else row["post_key"],
            instance_id=row["instance_id"],
            params={
                "subject": row["subject_name"],
                "matter": row["matter"],
                "process": row["process_key"],
                "element": row["element_id"],
                "step": names[row["element_id"]],
                "version": row["definition_version_id"],
                "from": name or step.actor.name,
                "text": reason,
            },
        )
        for row in closed
        if row["assignee_id"] != step.actor.person_id or row["assignee_id"] is None
    ]
    notify(step.connection, notices, at=step.at)


def free_business_key(step: Step) -> None:
    """What was voided or withdrawn may be started anew: its business key goes to the new one."""
    QUERIES.run(step.connection, "free_key", id=step.row.id)


def _close(step: Step) -> list[Row]:
    return closing.write_closed(step, closing.take_away(step, step.before))


def _end(step: Step, *, status: str, said: str) -> None:
    closing.give_up_held(step)
    if step.row.status == SUSPENDED:
        standing = standing_of(step.connection, step.row.id)
        if standing is not None:
            SUSPENDING.run(step.connection, "end", id=standing["id"], at=step.at, by=step.actor.person_id)
    closing.end(step, status=status)
    tell_followers(step)
    audit(step, said)
    save(step.connection, step.row, step.execution)
