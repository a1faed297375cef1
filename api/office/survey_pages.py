"""满意度调查: the surveys of a year, one survey with its return and results, sheets of codes."""

from fastapi import APIRouter, Depends, Request
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from api.errors import Trouble
from api.house import House, house_of
from api.office.cycles import may_run, start_process
from api.office.following import chosen_cycle, was_started
from api.office.surveys import cycles_of_surveys, evaluations_in, find_survey, make_codes, surveys_in
from api.office.year import held_by_year
from api.pages import page
from api.security.posted import number_of, posted, text_of
from api.security.session import signed_in
from engine.people.persons import Person

router = APIRouter(prefix="/surveys", include_in_schema=False)
PROCESSES = ("survey", "leader_evaluation")
"""What is started from here, once a year each."""


@router.get("")
def show_surveys(
    request: Request,
    cycle: str = "",
    person: Person = Depends(signed_in),
    house: House = Depends(house_of),
) -> Response:
    """The surveys and leaders' evaluations of a year; the office starts them here."""
    with house.database.read() as connection:
        cycles = cycles_of_surveys(connection, person)
        chosen = chosen_cycle(cycles, cycle)
        runs = may_run(person, chosen)
        return page(
            request,
            "survey/list.html",
            cycles=cycles,
            cycle=chosen,
            surveys=surveys_in(connection, chosen["id"]),
            evaluations=evaluations_in(connection, chosen["id"]),
            held=held_by_year(house, connection, person, chosen, *PROCESSES),
            startable=[
                process
                for process in PROCESSES
                if runs and not was_started(connection, chosen["id"], process)
            ],
        )


@router.post("/start")
def start(
    form: FormData = Depends(posted), person: Person = Depends(signed_in), house: House = Depends(house_of)
) -> Response:
    """发起满意度调查 or 发起领导考评; once a year."""
    cycle_id, process = text_of(form, "cycle"), text_of(form, "process")
    if process not in PROCESSES:
        raise Trouble(422, "malformed")
    start_process(house, person, cycle_id, process)
    return RedirectResponse(f"/surveys?cycle={cycle_id}", status_code=303)


@router.get("/{survey_id}")
def show_survey(
    request: Request,
    survey_id: str,
    person: Person = Depends(signed_in),
    house: House = Depends(house_of),
) -> Response:
    """One survey: window, return by layer, results by unit and layer; small groups are not shown."""
    with house.database.read() as connection:
        found = find_survey(connection, person, survey_id)
    return page(request, "survey/survey.html", found=found)


@router.post("/{survey_id}/codes")
def print_codes(
    request: Request,
    survey_id: str,
    form: FormData = Depends(posted),
    person: Person = Depends(signed_in),
    house: House = Depends(house_of),
) -> Response:
    """Make codes and show them this once, as a sheet to print and cut; they are stored nowhere."""
    layer, many = number_of(form, "layer"), number_of(form, "many")
    codes = make_codes(house, person, survey_id, layer=layer, many=many)
    with house.database.read() as connection:
        found = find_survey(connection, person, survey_id)
    [line] = [one for one in found.layers if one.number == layer]
    return page(request, "survey/codes.html", found=found, layer=line, codes=codes)
