"""目标变动: challenges and adjustments of a year, one of them with its story, the acts that begin them."""

from fastapi import APIRouter, Depends, Request
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from api.errors import Trouble
from api.house import House, house_of
from api.language import gettext as _
from api.office.changing import (
    REASON,
    ask_change,
    may_withdraw,
    select_keys,
    story_to_see,
    withdraw_change,
    year_of_changes,
)
from api.office.cycles import may_run
from api.pages import page
from api.security.posted import posted, text_of
from api.security.session import signed_in
from engine.people.persons import Person
from processes.adjusting.cases import ADJUSTMENT, CHALLENGE
from processes.adjusting.selection import challenge_rows

router = APIRouter(include_in_schema=False)


@router.get("/changes")
def show_changes(
    request: Request,
    cycle: str = "",
    said: str = "",
    person: Person = Depends(signed_in),
    house: House = Depends(house_of),
) -> Response:
    """Every challenge and adjustment of a year, those under way first; the challenges that count."""
    with house.database.read() as connection:
        cycles, chosen, rows = year_of_changes(house, connection, person, cycle)
        challenges = challenge_rows(connection, chosen["id"])
    told = _("已发起。考评办拟选以后，由绩效委选取。") if said == "selecting" else ""
    return page(
        request,
        "office/changes.html",
        cycles=cycles,
        cycle=chosen,
        rows=rows,
        challenges=challenges,
        may_run=may_run(person, chosen),
        said=told,
    )


@router.post("/changes/cycles/{cycle_id}/selection")
def begin_selection(
    cycle_id: str, person: Person = Depends(signed_in), house: House = Depends(house_of)
) -> Response:
    """发起选取关键性挑战指标."""
    select_keys(house, person, cycle_id)
    return RedirectResponse(f"/changes?cycle={cycle_id}&said=selecting", status_code=303)


@router.get("/changes/{case_id}")
def show_change(
    request: Request,
    case_id: str,
    said: str = "",
    person: Person = Depends(signed_in),
    house: House = Depends(house_of),
) -> Response:
    """One challenge or adjustment: what is asked for, what happened."""
    return _story_page(
        request, house, person, case_id, said=_("撤回已送出，马上停止办理。") if said == "withdrawn" else ""
    )


@router.post("/changes/{case_id}/withdraw")
def withdraw_case(
    request: Request,
    case_id: str,
    form: FormData = Depends(posted),
    person: Person = Depends(signed_in),
    house: House = Depends(house_of),
) -> Response:
    """撤回, with the reason."""
    try:
        withdraw_change(house, person, case_id, reason=text_of(form, "reason", longest=REASON))
    except Trouble as trouble:
        if trouble.status not in (409, 422):
            raise
        return _story_page(request, house, person, case_id, refusal=trouble.message, status=trouble.status)
    return RedirectResponse(f"/changes/{case_id}?said=withdrawn", status_code=303)


@router.post("/targets/{target_id}/challenge")
def begin_challenge(
    target_id: str, person: Person = Depends(signed_in), house: House = Depends(house_of)
) -> Response:
    """申报挑战: the liaison's task begins."""
    message = ask_change(house, person, target_id, kind=CHALLENGE)
    return RedirectResponse(f"/changes/{message.message_id}", status_code=303)


@router.post("/targets/{target_id}/adjust")
def begin_adjustment(
    target_id: str, person: Person = Depends(signed_in), house: House = Depends(house_of)
) -> Response:
    """申请调整: the task of who asks begins."""
    message = ask_change(house, person, target_id, kind=ADJUSTMENT)
    return RedirectResponse(f"/changes/{message.message_id}", status_code=303)


def _story_page(
    request: Request,
    house: House,
    person: Person,
    case_id: str,
    *,
    said: str = "",
    refusal: str = "",
    status: int = 200,
) -> Response:
    with house.database.read() as connection:
        story = story_to_see(connection, person, case_id)
        mine = story["running"] and may_withdraw(connection, person, story)
    return page(
        request,
        "office/change.html",
        status=status,
        story=story,
        may_withdraw=mine,
        said=said,
        refusal=refusal,
    )
