"""What an instance was before it was moved, for as long as it can be moved back: rows, visits, variables."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import orjson
from sqlalchemy import Connection

from engine.bpmn.execution import DELETED
from engine.bpmn.migration.carrying import values_of
from engine.runtime.migrating.items import QUERIES
from engine.runtime.migrating.prepared import Prepared
from engine.runtime.steps.rows import Visits
from engine.runtime.steps.sharing import stored_value, text_of
from engine.runtime.steps.step import Step
from engine.store import Row

_INSTANTS = frozenset({"due_at", "order_at", "created_at", "opened_at", "stay_said_at", "received_at"})
_DAYS = frozenset({"due_on", "follow_up_on"})


@dataclass(frozen=True)
class Kept:
    """`items` are whole rows, `redated` the ids whose reminders the migration wrote anew.

    `variables` are those that the migration has set: (scope, name) -> what was there, `DELETED` for nothing.
    `incidents` are those that were open: id -> element.
    """

    items: list[Row]
    redated: frozenset[str]
    visits: Visits
    variables: dict[tuple[str, str], Any]
    incidents: dict[str, str]


def keep(step: Step, prepared: Prepared) -> str:
    """The text that `read` reads; `step` is the instance as it was."""
    was = values_of(step.execution)
    changed = prepared.step.execution.changed_variables()
    return orjson.dumps(
        {
            "items": QUERIES.rows(step.connection, "items", instance_id=step.row.id),
            "redated": sorted({one for changed in prepared.items for one in changed.redated}),
            "visits": step.row.visits.text(),
            "variables": [
                [scope, name, text_of(was[scope, name]) if (scope, name) in was else None]
                for scope, name in changed
            ],
            "incidents": {
                row["id"]: row["element_id"]
                for row in QUERIES.rows(step.connection, "incidents", instance_id=step.row.id)
            },
        }
    ).decode()


def read(connection: Connection, text: str) -> Kept:
    """What `keep` kept."""
    given = orjson.loads(text)
    variables = {
        (scope, name): DELETED if value is None else stored_value(connection, value)
        for scope, name, value in given["variables"]
    }
    items = [{name: _value(name, value) for name, value in row.items()} for row in given["items"]]
    visits = Visits.read(orjson.loads(given["visits"]))
    return Kept(items, frozenset(given["redated"]), visits, variables, given["incidents"])


def _value(name: str, value: Any) -> Any:
    if value is None:
        return None
    if name in _INSTANTS:
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if name in _DAYS else value
