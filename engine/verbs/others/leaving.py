"""离职转办: the office hands over all that lies with somebody who leaves, in one act a task.

Each task goes its own way through the one door (`hand_over`, or `unclaim` back to its post), in one
transaction with its line of the order; what is refused stays, with its sentence, and the rest goes on. Jobs
work an order off, a batch each: what is interrupted goes on with what still waits, and does nothing twice.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import orjson
from sqlalchemy import Connection

from engine.clock import today
from engine.ids import new_id
from engine.jobs.queue import NewJob, defer
from engine.people.memberships import postings_of
from engine.people.persons import Person
from engine.people.queries import QUERIES as PEOPLE
from engine.people.rights import may_somewhere
from engine.people.units import assessor_of
from engine.runtime.engine import Engine
from engine.store import Queries, Row, insert_rows
from engine.verbs import door
from engine.verbs.effects import Effect
from engine.verbs.others.ending_stand_ins import end_on_record
from engine.verbs.refusals import Invalid, NotVisible, Refusal
from engine.verbs.tokens.mending import may_mend
from engine.verbs.visit import MOST_OPINION, Request
from engine.work.bindings import FieldError

QUERIES = Queries(Path(__file__).with_name("leaving.sql"))
AT_ONCE = 100
"""So many tasks are looked at beforehand."""
JOB = "hand_over_all"
TO_POST = "post"
"""The receiver of what was claimed from a post: it goes back to the post."""


@dataclass(frozen=True)
class Group:
    """Open tasks that came the same way: claimed from a post, or given to the person alone (`key` "")."""

    key: str
    unit_name: str
    post_name: str
    items: tuple[Row, ...]

    @property
    def claimed(self) -> bool:
        """Whether they can go back to their post."""
        return bool(self.key) and all(item["claim_first"] for item in self.items)


@dataclass(frozen=True)
class Leaver:
    """Who leaves: their open work that this office answers for, and rules of 代理 that still name them."""

    id: str
    name: str
    groups: tuple[Group, ...]
    rules: tuple[Row, ...]

    @property
    def items(self) -> int:
        """How many tasks there are."""
        return sum(len(group.items) for group in self.groups)


@dataclass(frozen=True)
class Foreseen:
    """What would become of one task: its effect, or why it is refused."""

    item: Row
    effect: Effect | None
    refused: str = ""


@dataclass(frozen=True)
class Order:
    """An order and what has become of each of its tasks."""

    id: str
    leaver_id: str
    leaver_name: str
    by_name: str
    reason: str
    made_at: datetime
    lines: tuple[Row, ...]

    def count(self, state: str) -> int:
        """How many lines are `waiting`, `done`, `refused`."""
        return sum(line["state"] == state for line in self.lines)


def leaver(engine: Engine, person: Person, leaver_id: str) -> Leaver:
    """All open work of somebody. Raises `NotVisible` for who is not the office, or nobody of its own."""
    with engine.database.read() as connection:
        return _leaver(connection, person, leaver_id, on=_today(engine))


def foresee(
    engine: Engine, person: Person, leaver_id: str, receivers: Mapping[str, str], *, most: int = AT_ONCE
) -> list[Foreseen]:
    """What the order would do with each task: every one is done and undone. Nothing is changed."""
    found = leaver(engine, person, leaver_id)
    wanted = _wanted(found, receivers)[:most]
    return [_foreseen(engine, person, item, target) for item, target in wanted]


def give_order(
    engine: Engine,
    person: Person,
    leaver_id: str,
    receivers: Mapping[str, str],
    *,
    reason: str,
    end_rules: bool = False,
) -> str:
    """Write the order with its lines; its id. `end_rules`: rules of 代理 that name the person end today.

    `receivers`: group key -> a person's id, a post's reference, or `TO_POST`; a group without one stays.
    """
    _check_reason(reason)
    with engine.database.write() as connection:
        found = _leaver(connection, person, leaver_id, on=_today(engine))
        wanted = _wanted(found, receivers)
        if not wanted and not (end_rules and found.rules):
            message = "没有选择把任务交给谁。"
            raise Invalid(message, errors=(FieldError("receivers", "required", message),))
        names = _names(connection, {target for _, target in wanted})
        order = _order_row(engine, person, found, receivers, reason=reason)
        insert_rows(connection, "leaving_order", [order])
        insert_rows(connection, "leaving_line", [_line(order["id"], *one, names) for one in wanted])
        if wanted:
            defer(connection, engine.setup.queue, [job_of(order["id"])])
        for rule in found.rules if end_rules else ():
            end_on_record(
                connection, rule, by=person, on=_today(engine), at=engine.clock.now(), reason=reason
            )
    return str(order["id"])


def job_of(order_id: str) -> NewJob:
    """The job that works off the next tasks of an order (`working_off`)."""
    return NewJob(JOB, "", payload={"order": order_id})


def read_order(engine: Engine, person: Person, order_id: str) -> Order:
    """An order, for who gave it. Raises `NotVisible`."""
    with engine.database.read() as connection:
        row = QUERIES.row(connection, "order", id=order_id)
        if row is None or row["by_id"] != person.id:
            raise NotVisible
        lines = QUERIES.rows(connection, "lines", order_id=order_id)
    return Order(
        id=row["id"],
        leaver_id=row["leaver_id"],
        leaver_name=row["leaver_name"],
        by_name=row["by_name"],
        reason=row["reason_text"],
        made_at=row["made_at"],
        lines=tuple(lines),
    )


def _leaver(connection: Connection, person: Person, leaver_id: str, *, on: date) -> Leaver:
    account = PEOPLE.row(connection, "account", id=leaver_id)
    if account is None or not may_somewhere(person, "mend"):
        raise NotVisible
    rows = [row for row in QUERIES.rows(connection, "work", leaver_id=leaver_id) if may_mend(person, row)]
    if not rows and not _of_ours(connection, person, leaver_id, on=on):
        raise NotVisible
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(f"{row['unit_id']}#{row['post_key']}" if row["post_key"] else "", []).append(row)
    given = {"leaver_id": leaver_id, "leaver_id2": leaver_id, "today": on}
    return Leaver(
        leaver_id,
        account["name"],
        tuple(_group(key, found) for key, found in groups.items()),
        tuple(QUERIES.rows(connection, "rules", **given)),
    )


def _of_ours(connection: Connection, person: Person, leaver_id: str, *, on: date) -> bool:
    """Whether somebody without open work is of this office's own assessor."""
    units = [one.unit_id for one in postings_of(connection, [leaver_id], on=on).get(leaver_id, [])]
    assessors = {assessor_of(connection, unit) or unit for unit in units}
    return any(may_mend(person, {"assessor_id": one, "cycle_id": None}) for one in assessors)


def _group(key: str, rows: Sequence[Row]) -> Group:
    first = rows[0]
    return Group(key, first["unit_name"] or "", first["post_name"] or "", tuple(rows))


def _wanted(found: Leaver, receivers: Mapping[str, str]) -> list[tuple[Row, str]]:
    chosen = [(group, receivers.get(group.key, "").strip()) for group in found.groups]
    for group, target in chosen:
        if target == TO_POST and not group.claimed:
            raise Invalid("直接交给本人的任务没有可以退还的岗位，请选择接手的人。")
        if target == found.id:
            raise Invalid("不能再交给离开的人自己。")
    return [(item, target) for group, target in chosen if target for item in group.items]


def _foreseen(engine: Engine, person: Person, item: Row, target: str) -> Foreseen:
    verb, request = asked_for(target, version=item["lock_version"], reason="")
    try:
        return Foreseen(item, door.preview(engine, person, item["id"], verb, request))
    except Refusal as refused:
        return Foreseen(item, None, refused.message)


def asked_for(target: str, *, version: int, reason: str) -> tuple[str, Request]:
    """The verb by which a task goes to its receiver, and what is sent with it."""
    if target == TO_POST:
        return "unclaim", Request(version=version)
    return "hand_over", Request(version=version, people=(target,), opinion=reason)


def _names(connection: Connection, targets: set[str]) -> dict[str, str]:
    names = {TO_POST: "退还岗位"}
    for target in targets - {TO_POST}:
        account = None if "#" in target else PEOPLE.row(connection, "account", id=target)
        names[target] = account["name"] if account else target
    return names


def _order_row(
    engine: Engine, person: Person, found: Leaver, receivers: Mapping[str, str], *, reason: str
) -> Row:
    return {
        "id": new_id(),
        "leaver_id": found.id,
        "leaver_name": found.name,
        "by_id": person.id,
        "by_name": person.name,
        "reason_text": reason.strip(),
        "receivers_text": orjson.dumps(dict(receivers)).decode(),
        "made_at": engine.clock.now(),
    }


def _line(order_id: str, item: Row, target: str, names: Mapping[str, str]) -> Row:
    kept = ("subject_name", "matter", "definition_version_id", "element_id")
    row: Row = {name: item[name] for name in kept}
    return row | {
        "order_id": order_id,
        "item_id": item["id"],
        "target": target,
        "target_name": names[target],
        "state": "waiting",
        "said": "",
    }


def _check_reason(reason: str) -> None:
    if not reason.strip() or len(reason) > MOST_OPINION:
        message = f"请写明理由，最多 {MOST_OPINION} 字；它记入每一项的办理过程。"
        raise Invalid(message, errors=(FieldError("opinion", "required", message),))


def _today(engine: Engine) -> date:
    return today(engine.clock, engine.setup.zone)
