"""Keeping what an instance was told, and reading it again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import Connection

from engine.audit.covering import ERASED, hashed, salt
from engine.bpmn.execution import DELETED
from engine.bpmn.heard import Heard
from engine.bpmn.later import as_stored
from engine.runtime.steps import marks
from engine.runtime.steps.sharing import stored_value, text_of
from engine.runtime.steps.step import Step
from engine.store import Queries

QUERIES = Queries(Path(__file__).with_name("replaying.sql"))
DIGITS = 32
"""Hexadecimal digits of a value's digest: enough that nobody finds another value with the same."""


@dataclass(frozen=True)
class Recorded:
    """One step: when, what was told, and which tokens had failed and were held."""

    seq: int
    at: datetime
    told: tuple[Heard, ...]
    hold: frozenset[str]


def told_in(step: Step) -> str | None:
    """What the step's instance was told, and the digests of the variables that it stores, for the step's next
    entry in the audit chain; None when nothing.

    It is salted like people's words: it may be erased, and nobody finds it again by its digest.
    """
    said: dict[str, Any] = {}
    if step.execution.heard:
        said["t"] = [[one.verb, one.element, one.key, _written(one.data)] for one in step.execution.heard]
        said["h"] = sorted(step.hold)
        said["u"] = _undo_of(step)
    if texts := step.texts():
        said["d"] = [[*place, text and digest_of_value(text)] for place, text in texts.items()]
    return orjson.dumps({**said, "s": salt()}).decode() if said else None


def digest_of_value(text: str) -> str:
    """Tells the value that a step stored from any other: the chain holds it (`checks.values`)."""
    return hashed("sha256", text.encode())[:DIGITS]


def _undo_of(step: Step) -> dict[str, Any]:
    """What the step did, by which it may be taken back (撤回): see `engine.bpmn.undoing`."""
    done = step.execution.trace()
    before = [
        [scope, name, None if value is DELETED else text_of(value)]
        for (scope, name), value in done.before.items()
    ]
    found = {
        "n": [done.began, done.counter],
        "g": done.gone,
        "v": before,
        "e": [event["id"] for event in step.events if event["person_id"] is not None],
        "x": [event["id"] for event in step.events if event["verb"] == "supersede"],
    }
    if step.handed_in is not None:
        found["m"] = marks.written(step.handed_in)
    if step.seated is not None and step.seated.items:
        found["w"] = step.seated.stored()
    if step.execution.thrown or (step.execution.told and step.row.fan_out_id is not None):
        found["o"] = True
    if step.marks_before:
        found["r"] = step.marks_before
    return found


def recorded(connection: Connection, instance_id: str) -> list[Recorded]:
    """Every step of an instance in order."""
    found = []
    for row in QUERIES.rows(connection, "recorded", instance_id=instance_id):
        if row["told_text"].startswith(ERASED):
            continue
        said = orjson.loads(row["told_text"])
        if "t" not in said:
            continue
        told = tuple(
            Heard(verb, element, key, _read(connection, data)) for verb, element, key, data in said["t"]
        )
        found.append(Recorded(row["seq"], row["recorded_at"], told, frozenset(said.get("h", ()))))
    return found


def _written(data: Mapping[str, Any]) -> dict[str, Any]:
    """Each value as the text of a variable; variables each by themselves, so that long ones are shared."""
    return {
        name: {inner: text_of(one) for inner, one in as_stored(value).items()}
        if isinstance(value, dict)
        else text_of(value)
        for name, value in data.items()
    }


def _read(connection: Connection, data: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: {inner: stored_value(connection, one) for inner, one in value.items()}
        if isinstance(value, dict)
        else stored_value(connection, value)
        for name, value in data.items()
    }
