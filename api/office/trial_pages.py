"""试算: what the year's result would be with one mark changed. Reads only."""

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from api.house import House, house_of
from api.office.following import chosen_cycle
from api.office.grading import graded_cycles
from api.pages import page
from api.security.session import signed_in
from engine.people.persons import Person
from processes.evaluation.grading.what_if import NotTried, to_try, try_mark

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
        tried = to_try(connection, cycle["id"])
        if unit or component or value:
            try:
                trial = try_mark(connection, tried, unit_id=unit, component=component, value=value)
            except NotTried as refused:
                refusal, field = str(refused), refused.field
    return page(
        request,
        "office/trial.html",
        cycle=cycle,
        trial=trial,
        refusal=refusal,
        wrong=field,
        asked={"unit": unit, "component": component, "value": value},
        units=tried.units if tried else [],
        components=tried.components if tried else [],
    )
