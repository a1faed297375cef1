"""选择下一办理人: whom the doer of a step chose for a later one, as its row of the history says.

The last time the choosing step was done counts; without a choice the diagram decides.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import Connection

from engine.bpmn.handlers import handler_choices
from engine.bpmn.model import Element
from engine.store import Queries
from engine.work.routing import Candidate

QUERIES = Queries(Path(__file__).with_name("chosen.sql"))


@dataclass(frozen=True)
class Chosen:
    """Who was chosen for one step, with the name that the chooser saw."""

    element_id: str
    candidate: Candidate
    name: str


def as_text(chosen: list[Chosen]) -> str | None:
    """The choices of one act, as the history keeps them; None without any."""
    if not chosen:
        return None
    rows = {
        one.element_id: {
            "user_id": one.candidate.user_id,
            "unit_id": one.candidate.unit_id,
            "post_key": one.candidate.post_key,
            "name": one.name,
        }
        for one in chosen
    }
    return orjson.dumps(rows).decode()


def read_chosen(text: str | None) -> list[Chosen]:
    """The opposite of `as_text`."""
    rows: Mapping[str, Any] = orjson.loads(text) if text else {}
    return [
        Chosen(element, Candidate(row["user_id"], row["unit_id"], row["post_key"]), row["name"])
        for element, row in rows.items()
    ]


def chosen_for(
    connection: Connection,
    instance_id: str,
    element_id: str,
    elements: Mapping[str, Element],
    *,
    names_of: Callable[[str], list[str]],
) -> Candidate | None:
    """Who was chosen for a step; asks nothing where no step of the diagram may choose for it.

    `names_of` an element: its id, and those that it had in the versions that the instance ran in before.
    """
    able = [one for one in elements.values() if "bihuan:nextHandler" in one.properties]
    choosing = [one.id for one in able if _chooses(one, element_id)]
    if not choosing:
        return None
    named = [name for one in choosing for name in names_of(one)]
    rows = [QUERIES.row(connection, "last_done", instance_id=instance_id, element_id=one) for one in named]
    last = max((row for row in rows if row), key=lambda row: str(row["id"]), default=None)
    found = read_chosen(last["chosen_text"] if last else None)
    meant = names_of(element_id)
    return next((one.candidate for one in found if one.element_id in meant), None)


def _chooses(step: Element, element_id: str) -> bool:
    return any(choice.element_id == element_id for choice in handler_choices(step.properties))
