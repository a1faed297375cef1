"""试算: what the year's result would be with one mark changed. Reads only."""

from typing import Any

from fastapi import APIRouter, Depends, Request
from sqlalchemy import Connection
from starlette.responses import Response

from api.house import House, house_of
from api.office.following import chosen_cycle
from api.office.grading import graded_cycles
from api.pages import page
from api.security.session import signed_in
from engine.people.persons import Person
from processes.evaluation.grading.what_if import NotTried, Trial, to_try, try_mark

router = APIRouter(include_in_schema=False)


@router.get("/office/grading/{cycle_id}/trial")
def show_trial(
    request: Request,
    cycle_id: str,
    unit: str = "",
    component: str = "",
    value: str = "",
    person: Person = Depends(signed_in),
    house: House = Depends(house_of),
) -> Response:
    """试算: one unit's mark changed, and every unit whose result would move with it; nothing is written."""
    trial, refusal, field = None, "", ""
    with house.database.read() as connection:
        cycle = chosen_cycle(graded_cycles(connection, person), cycle_id)
        try:
            trial = _trial(connection, cycle["id"], unit, component, value)
        except NotTried as refused:
            refusal, field = str(refused), refused.field
        choices = _choices(connection, cycle["id"])
    return page(
        request,
        "office/trial.html",
        cycle=cycle,
        trial=trial,
        refusal=refusal,
        wrong=field,
        asked={"unit": unit, "component": component, "value": value},
        **choices,
    )


def _trial(connection: Connection, cycle_id: str, unit: str, component: str, value: str) -> Trial | None:
    if not (unit or component or value):
        return None
    return try_mark(connection, cycle_id, unit_id=unit, component=component, value=value)


def _choices(connection: Connection, cycle_id: str) -> dict[str, Any]:
    """The units, each with its marks as they are, and the components that can be tried."""
    found = to_try(connection, cycle_id)
    if found is None:
        return {"units": [], "components": []}
    content, components = found
    units = sorted((one["group"], content["names"][one["unit"]], one["unit"]) for one in content["grades"])
    return {"units": [{"id": one, "name": name} for _group, name, one in units], "components": components}
