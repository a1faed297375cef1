"""The year as people follow it: each stage with its dates, planned and real, and what it waits for."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from engine.bpmn.model import ProcessModel
from engine.feel import Value, codec, evaluate
from engine.runtime.tables import Instance
from engine.store import Queries, Row
from processes.cycle.calendar_step import month_of, parts_of
from processes.cycle.reading import cycle_of, scheme_of
from processes.cycle.year_drawn import DrawnStage, called_by, stages_of
from processes.tables import table_of

QUERIES = Queries(Path(__file__).with_name("year.sql"))
INSTANCES = table_of(Instance)
MONTHLY = "monthly_monitor"
NOTHING = "-"
"""Stands for the year's instance where there is none yet: no id looks like it."""

ABSENT, PLANNED, WAITING, RUNNING, DONE = "absent", "planned", "waiting", "running", "done"


@dataclass(frozen=True)
class Month:
    """One month of monitoring. `state` as a stage's; `skipped`: over before the targets were issued."""

    period: str
    opens_on: date
    state: str
    instance_id: str | None = None
    ended_at: datetime | None = None


@dataclass(frozen=True)
class Stage:
    """A stage of the year.

    `state`: absent (the scheme has none), planned (its day has not come), waiting (for `waits_for`, names of
    stages), running, done. `overdue`: it should be over. `open`, `late`: items below it.
    """

    id: str
    name: str
    name_en: str
    process: str | None
    state: str
    planned_from: date | None
    planned_until: date | None
    began_at: datetime | None = None
    ended_at: datetime | None = None
    instance_id: str | None = None
    item_id: str | None = None
    by_hand: bool = False
    waits_for: tuple[str, ...] = ()
    overdue: bool = False
    open: int = 0
    late: int = 0
    months: tuple[Month, ...] = ()


@dataclass(frozen=True)
class Year:
    """A cycle's year. `confirmed`: the office has looked through the calendar, so the dates hold."""

    cycle: Mapping[str, Any]
    instance_id: str | None
    status: str
    confirmed: bool
    stages: tuple[Stage, ...]

    def stage(self, process: str) -> Stage | None:
        """The stage that calls a process; None when the year has none or does not hold it."""
        return next((one for one in self.stages if one.process == process), None)


@dataclass(frozen=True)
class _Facts:
    """What is stored about a year, read at once."""

    annual: Row | None
    called: Sequence[Mapping[str, Any]]
    months: Sequence[Row]
    items: Mapping[str, Row]
    events: Mapping[str, datetime]
    work: Mapping[str, Row]
    names: Mapping[str, Any] = field(default_factory=dict)

    @property
    def visits(self) -> Mapping[str, int]:
        return dict((self.annual or {}).get("visits_json", {}).get("e", {}))


def annual_version(connection: Connection, cycle_id: str) -> str | None:
    """The version of the diagram by which the cycle's year runs; None when it has not been started."""
    row = QUERIES.row(connection, "annual", cycle_id=cycle_id)
    return str(row["definition_version_id"]) if row else None


def year_of(connection: Connection, drawn: ProcessModel, cycle_id: str, *, today: date) -> Year:
    """The year by its diagram `drawn`; the number of statements does not grow with the work in it."""
    cycle, facts = cycle_of(connection, cycle_id), _facts(connection, drawn, cycle_id, today)
    scheme = scheme_of(connection, cycle_id)
    names: dict[str, Any] = {
        "dates": {
            name: date.fromisoformat(entry["on"]) for name, entry in cycle["calendar"].items() if entry
        },
        "cycle": {"id": cycle["id"], "year": cycle["year"], "runMode": cycle["run_mode"]},
        "has": facts.names.get("has") or parts_of(scheme, state=str(cycle["state"])),
        "months": facts.names.get("months")
        or [month_of(int(cycle["year"]), month) for month in scheme["monitoring"]["months"]["value"]],
    }
    drawn_stages = stages_of(drawn)
    found = {one.id: _stage(one, facts, names) for one in drawn_stages}
    stages = [_placed(one, found, names, today) for one in drawn_stages]
    stages.sort(key=lambda one: one.planned_from or date.min)
    annual = facts.annual
    return Year(
        cycle=cycle,
        instance_id=str(annual["id"]) if annual else None,
        status=str(annual["status"]) if annual else "",
        confirmed="has" in facts.names,
        stages=tuple(stages),
    )


def _called(
    connection: Connection, cycle_id: str, annual: str, processes: Collection[str]
) -> Sequence[Mapping[str, Any]]:
    """What the year has called, and what of it was started by hand without it."""
    query = (
        select(INSTANCES)
        .with_only_columns(
            *(INSTANCES.c[name] for name in ("id", "process_key", "business_key", "parent_id", "status")),
            INSTANCES.c.started_at,
            INSTANCES.c.ended_at,
        )
        .where(INSTANCES.c.cycle_id == cycle_id, INSTANCES.c.process_key.in_(list(processes)))
        .where((INSTANCES.c.parent_id == annual) | INSTANCES.c.parent_id.is_(None))
        .order_by(INSTANCES.c.id)
    )
    return [dict(row) for row in connection.execute(query).mappings()]


def _facts(connection: Connection, drawn: ProcessModel, cycle_id: str, today: date) -> _Facts:
    annual = QUERIES.row(connection, "annual", cycle_id=cycle_id)
    known = str(annual["id"]) if annual else NOTHING
    variables = QUERIES.rows(connection, "variables", instance_id=known)
    return _Facts(
        annual=annual,
        called=_called(connection, cycle_id, known, called_by(drawn)),
        months=QUERIES.rows(connection, "months", cycle_id=cycle_id, process_key=MONTHLY),
        items={row["element_id"]: row for row in QUERIES.rows(connection, "own_items", annual=known)},
        events={
            row["element_id"]: row["done_at"] for row in QUERIES.rows(connection, "own_events", annual=known)
        },
        work={
            row["id"]: row
            for row in QUERIES.rows(connection, "open_work", cycle_id=cycle_id, annual=known, today=today)
        },
        names={row["name"]: codec.loads(row["value_text"]) for row in variables},
    )


def _stage(drawn: DrawnStage, facts: _Facts, names: Mapping[str, Any]) -> Stage:
    """What has happened of a stage; whether it waits is said by `_placed`."""
    starts = [day for text in drawn.since if (day := _day(text, names))]
    made = Stage(
        id=drawn.id,
        name=drawn.name,
        name_en=drawn.name_en,
        process=drawn.process,
        state=PLANNED,
        planned_from=max(starts) + timedelta(days=1) if starts else None,
        planned_until=_day(drawn.until, names) if drawn.until else None,
    )
    found = _task(made, facts) if drawn.process is None else _call(made, drawn, facts, names)
    if found.state == PLANNED and not all(_evaluated(one, names) is True for one in drawn.conditions):
        return replace(found, state=ABSENT)
    return found


def _task(stage: Stage, facts: _Facts) -> Stage:
    item, done_at = facts.items.get(stage.id), facts.events.get(stage.id)
    if item is not None:
        due = item["due_on"]
        return replace(
            stage,
            state=RUNNING,
            item_id=str(item["id"]),
            began_at=item["created_at"],
            planned_until=due or stage.planned_until,
            open=1,
        )
    return stage if done_at is None else replace(stage, state=DONE, began_at=done_at, ended_at=done_at)


def _call(stage: Stage, drawn: DrawnStage, facts: _Facts, names: Mapping[str, Any]) -> Stage:
    annual = str(facts.annual["id"]) if facts.annual else NOTHING
    rows = [row for row in facts.called if row["process_key"] == stage.process]
    own = [row for row in rows if row["parent_id"] == annual] or rows[:1]
    work = [facts.work[row["id"]] for row in own if row["id"] in facts.work]
    over = own and all(row["ended_at"] is not None for row in own)
    entered = facts.visits.get(stage.id, 0) > 0
    state = DONE if over or (entered and drawn.many and not own) else RUNNING if own or entered else PLANNED
    made = replace(
        stage,
        state=state,
        instance_id=str(own[0]["id"]) if own and not drawn.many else None,
        by_hand=bool(own) and own[0]["parent_id"] is None,
        began_at=min((row["started_at"] for row in own), default=None),
        ended_at=max(row["ended_at"] for row in own) if over else None,
        open=sum(int(row["open"]) for row in work),
        late=sum(int(row["late"] or 0) for row in work),
    )
    return replace(made, months=_months(made, facts, names)) if drawn.many else made


def _months(stage: Stage, facts: _Facts, names: Mapping[str, Any]) -> tuple[Month, ...]:
    begun = {row["period"]: row for row in facts.months}
    scheduled = {row["business_key"] for row in facts.called if row["process_key"] == stage.process}
    found = []
    for month in names["months"]:
        period, opens = str(month["period"]), month["lastDay"] + timedelta(days=1)
        row = begun.get(period)
        if row is not None:
            state = RUNNING if row["ended_at"] is None else DONE
            found.append(Month(period, opens, state, str(row["id"]), row["ended_at"]))
        elif stage.state in (RUNNING, DONE) and period not in scheduled:
            found.append(Month(period, opens, "skipped"))
        else:
            found.append(Month(period, opens, PLANNED))
    return tuple(found)


def _placed(drawn: DrawnStage, found: Mapping[str, Stage], names: Mapping[str, Any], today: date) -> Stage:
    """A stage among the others: when it can begin, what it waits for, whether it should be over."""
    stage = found[drawn.id]
    before = [found[key] for key in drawn.after if found[key].state != ABSENT]
    open_before = tuple(one.name for one in before if one.state != DONE)
    ends = [one.planned_until for one in before if one.planned_until]
    planned_from = max([day for day in (stage.planned_from, *ends) if day], default=None)
    until = stage.planned_until
    late = until is not None and until < today and stage.state not in (DONE, ABSENT)
    due_to_begin = planned_from is not None and planned_from <= today
    waits = stage.state == PLANNED and bool(open_before) and (due_to_begin or planned_from is None)
    return replace(
        stage,
        state=WAITING if waits else stage.state,
        planned_from=planned_from,
        waits_for=open_before if stage.state == PLANNED else (),
        overdue=late,
    )


def _day(text: str, names: Mapping[str, Any]) -> date | None:
    value = _evaluated(text, names)
    return value if isinstance(value, date) and not isinstance(value, datetime) else None


def _evaluated(text: str, names: Mapping[str, Any]) -> Value:
    return evaluate(text.strip().removeprefix("="), dict(names))
