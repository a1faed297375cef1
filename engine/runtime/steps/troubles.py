"""What fails in a diagram: it is held where it failed, the office is told, and the rest of the work goes on.

A step that fails is rolled back, and done again with the token that failed held (`engine.bpmn.holding`):
what a person did is kept, and other branches move. Each held token has one open incident.
"""

import sqlite3
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TypeVar

import psycopg
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from engine.bpmn.failures import blamed
from engine.ids import new_id
from engine.runtime.incidents.register import QUERIES, tell_office
from engine.runtime.steps.rows import Conflict
from engine.runtime.steps.step import Step
from engine.store import Row, insert_rows
from engine.store.pipelining import forgo, settle
from engine.store.sql import execute

T = TypeVar("T")
MOST_HELD = 20
"""So many tokens may fail in one step before it is given up as a whole."""
MOST_DETAIL = 8000
NO_FAULT_OF_THE_DIAGRAM = (SQLAlchemyError, psycopg.Error, sqlite3.Error, Conflict, AssertionError)


class StartFailed(Exception):
    """An instance could not begin; what failed is its cause, and lies in that instance."""


class Hold(dict[str, Exception]):
    """The tokens to hold, each with what failed there; `careful` when something that it starts failed."""

    careful = False


def holding_what_fails(run: Callable[[Hold], T]) -> T:
    """Do a whole step, each time in a transaction of its own, until what fails in it is held.

    Raises what cannot be held: a fault of the database, of a program, of more than `MOST_HELD` places.
    """
    hold = Hold()
    while True:
        try:
            return run(hold)
        except StartFailed:
            if hold.careful:
                raise
            hold.careful = True
        except Exception as failure:
            token = blamed(failure)
            if token is None or token in hold or len(hold) >= MOST_HELD:
                raise
            if isinstance(failure, NO_FAULT_OF_THE_DIAGRAM):
                raise
            hold[token] = failure


@contextmanager
def apart(connection: Connection) -> Iterator[None]:
    """What is done inside is undone alone when it fails."""
    driver = connection.connection.driver_connection
    execute(connection, "savepoint apart", [])
    try:
        yield
        settle(driver)
    except BaseException:
        forgo(driver)
        execute(connection, "rollback to savepoint apart", [])
        execute(connection, "release savepoint apart", [])
        raise
    execute(connection, "release savepoint apart", [])


def note(step: Step) -> None:
    """One open incident for each held token: new ones are raised, those that failed again are renewed, and
    those whose token is held no more are closed."""
    held = step.execution.held
    if not held and not step.held_before:
        return
    for token in step.held_before - held.keys():
        QUERIES.run(
            step.connection,
            "resolve_token",
            instance_id=step.row.id,
            token=token,
            at=step.at,
            by=step.actor.person_id,
            resolution=step.mending or "gone",
        )
    failed = {token: failure for token, failure in step.hold.items() if token in held}
    for token, failure in failed.items():
        place = getattr(failure, "element", "") or held[token].element
        said = described(failure)
        if token in step.held_before and _renew(step, token, said):
            continue
        row = incident_row(step, said, token=token, element_id=place)
        insert_rows(step.connection, "incident", [row])
        tell_office(step.connection, row, step.row, at=step.at)


def described(failure: BaseException) -> Row:
    """The failure as an incident's columns: its kind, its sentence, and what a programmer wants to see."""
    told = "".join(traceback.format_exception(failure, limit=-8))
    return {
        "code": str(getattr(failure, "code", "") or type(failure).__name__)[:80],
        "message": (str(failure) or type(failure).__name__)[:2000],
        "detail_text": told[-MOST_DETAIL:],
    }


def incident_row(step: Step, said: Mapping[str, object], *, token: str, element_id: str) -> Row:
    """The row of a new incident of a held token."""
    return {
        "id": new_id(),
        "cycle_id": step.row.cycle_id,
        "assessor_id": step.row.assessor_id,
        "instance_id": step.row.id,
        "job_id": None,
        "token": token,
        "element_id": element_id,
        "kind": "diagram",
        "attempts": 1,
        "raised_at": step.at,
        "resolution": "",
        **said,
    }


def _renew(step: Step, token: str, said: Row) -> bool:
    place = {"instance_id": step.row.id, "token": token}
    return QUERIES.run(step.connection, "renew", **place, **said, at=step.at) == 1
