"""Finishing a step: here alone tokens, items, history, timers, subscriptions and jobs are written."""

from collections.abc import Mapping
from functools import partial

from engine.audit import chain
from engine.audit.covering import covered, named_by, read_words
from engine.bpmn.execution import Wait
from engine.bpmn.failures import ExecutionFailed, blame
from engine.bpmn.votes import may_seat
from engine.runtime.calls import telling
from engine.runtime.events import signals
from engine.runtime.replaying.recording import told_in
from engine.runtime.steps import closing, opening, troubles
from engine.runtime.steps.followers import tell_followers
from engine.runtime.steps.rows import insert_instance, save
from engine.runtime.steps.step import Step
from engine.store import Row
from engine.store.pipelining import gathers
from engine.store.sql import Asked
from engine.work.items import QUERIES as ITEM_QUERIES
from engine.work.signers import QUERIES as SIGNER_QUERIES


class Stuck(ExecutionFailed):
    """Nothing waits and nothing moves: the joins, or the conditions, named here are waited for in vain."""

    code = "stuck"

    def __init__(self, names: list[str]) -> None:
        super().__init__(f"流程停在“{'”、“'.join(names)}”：不会再有分支到达，等待的条件也不会再成立")


class InvariantBroken(AssertionError):
    """Waiting tokens and open items do not match: the step must not be stored."""


def finish(step: Step, *, act: str, run: bool = True) -> None:
    """Run until everything waits, bring rows in line with tokens, save, and add to the audit chain.

    Without `run` no token moves. Raises `Stuck`, and whatever the diagram's own expressions raise: the step
    is then done again with the token that failed held (`troubles.holding_what_fails`).
    """
    if run:
        step.execution.run()
        if step.execution.stuck:
            failure = Stuck([step.version.element(one).name or one for one in step.execution.stuck])
            blame(failure, step.execution.parked[0])
            raise failure
    step.row.visits.follow(step.execution.path)
    after = step.execution.waits()
    written = _begin(step, act) if step.new else None
    closing.supersede_interrupted(step)
    closed = closing.take_away(step, {key: wait for key, wait in step.before.items() if key not in after})
    signals.throw_all(step)
    telling.tell(step)
    opening.open_waits(step, {key: wait for key, wait in after.items() if key not in step.before})
    closing.write_closed(step, closed)  # read now, when the answer has come by itself
    troubles.note(step)
    if step.execution.ended:
        failed = any(told.kind == "error" for told in step.execution.told)
        closing.end(step, status="terminated" if failed else "completed")
    tell_followers(step)
    asked = _expect_items(step, after)
    if step.events or written is None or step.row.status != written["status"]:
        audit(step, act)
    save(step.connection, step.row, step.execution, written=written, texts=step.texts())
    judge = partial(assert_items_match, step, after, asked) if asked else partial(_assert_seats, step, after)
    if step.later is None:
        judge()
    else:
        step.later.append(judge)


def _begin(step: Step, act: str) -> Row | None:
    """Write a new instance's row, whole if it goes on from here: nothing has happened in it but its start."""
    if not step.execution.ended:
        audit(step, act)
    name = step.version.drawn.name
    return insert_instance(step.connection, step.row, step.execution, process_name=name)


def _expect_items(step: Step, waits: Mapping[str, Wait]) -> Asked | None:
    """Ask which waits have open items. Where COMMIT goes out unanswered the server minds it: None then.

    A new instance has the items that this step has just written, and no others.
    """
    if step.new:
        _check_items(step, waits, {row["wait_key"] for row in step.opened})
        return None
    if not gathers(step.connection):
        return ITEM_QUERIES.ask(step.connection, "open_waits", instance_id=step.row.id)
    broken = InvariantBroken(f"{step.row.id}: tokens {sorted(_manual(waits))} but other items")
    expected = ",".join(sorted(_manual(waits)))
    ITEM_QUERIES.expect(step.connection, "expect_waits", broken, instance_id=step.row.id, waits=expected)
    return None


def _manual(waits: Mapping[str, Wait]) -> set[str]:
    return {key for key, wait in waits.items() if wait.kind == "user"}


def assert_items_match(step: Step, waits: Mapping[str, Wait], asked: Asked | None = None) -> None:
    """Raises `InvariantBroken` unless each waiting manual token has open items, and each item its token."""
    asked = asked or ITEM_QUERIES.ask(step.connection, "open_waits", instance_id=step.row.id)
    _check_items(step, waits, {row["wait_key"] for row in asked.rows()})
    _assert_seats(step, waits)


def _check_items(step: Step, waits: Mapping[str, Wait], held: set[str]) -> None:
    manual = _manual(waits)
    if manual != held:
        raise InvariantBroken(f"{step.row.id}: tokens {sorted(manual)} but items {sorted(held)}")


def _assert_seats(step: Step, waits: Mapping[str, Wait]) -> None:
    """Raises `InvariantBroken` unless each open seat has its item, and each item of a signed step a seat."""
    if any(may_seat(step.version.element(waits[key].element).properties) for key in _manual(waits)):
        ids = {"instance_id": step.row.id, "instance_id2": step.row.id}
        if wrong := SIGNER_QUERIES.rows(step.connection, "mismatched", **ids):
            raise InvariantBroken(
                f"{step.row.id}: signers and items differ at {[row['id'] for row in wrong]}"
            )


def audit(step: Step, act: str) -> None:
    """Add what this step did, and what it was told, to the instance's chain.

    A step may have two entries; what it was told is in the first.
    """
    told = told_in(step) if step.told is None else None
    step.told = step.told or told
    unread = named_by(step.events) - step.words.keys()
    content = covered(step.events, {**step.words, **read_words(step.connection, unread)}, told or "")
    head = chain.append(
        step.connection,
        chain.Head(step.row.audit_seq, step.row.audit_head),
        chain_id=step.row.id,
        cycle_id=step.row.cycle_id,
        at=step.at,
        actor=step.actor.person_id or "engine",
        act=act,
        content=content,
        events=[event["id"] for event in step.events],
        told=told,
    )
    step.row.audit_seq, step.row.audit_head = head.seq, head.hash
