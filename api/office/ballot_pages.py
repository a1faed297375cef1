"""领导打分: a page of its own, so that no mark ever passes through the work item, its drafts or history."""

from fastapi import APIRouter, Depends, Request
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from api.house import House, house_of
from api.office.balloting import cast_ballot, turn_of
from api.pages import page
from api.security.posted import posted, text_of
from api.security.session import signed_in
from engine.people.persons import Person
from processes.evaluation.ballots.leader_voting import BallotRefused
from processes.evaluation.ballots.proofs import new_sheet

router = APIRouter(prefix="/ballots", include_in_schema=False)
MARK = "mark."
"""What comes before a unit's id in the name of its field."""


@router.get("/{turn_id}")
def show_ballot(
    request: Request,
    turn_id: str,
    person: Person = Depends(signed_in),
    house: House = Depends(house_of),
) -> Response:
    """The leader's own ballot paper; afterwards only that it was cast."""
    return _show(request, house, person, turn_id, secret=new_sheet(), sent={})


@router.post("/{turn_id}")
def take_ballot(
    request: Request,
    turn_id: str,
    form: FormData = Depends(posted),
    person: Person = Depends(signed_in),
    house: House = Depends(house_of),
) -> Response:
    """Take the ballot; whatever is wrong comes back with everything kept."""
    secret = text_of(form, "sheet")
    sent = {name: str(value) for name, value in form.items()}
    marks = {name.removeprefix(MARK): mark for name, mark in sent.items() if name.startswith(MARK)}
    try:
        cast_ballot(house, person, turn_id, secret=secret, marks=marks)
    except BallotRefused as refused:
        return _show(request, house, person, turn_id, secret=secret, sent=sent, refused=refused)
    return RedirectResponse(f"/ballots/{turn_id}", status_code=303)


def _show(
    request: Request,
    house: House,
    person: Person,
    turn_id: str,
    *,
    secret: str,
    sent: dict[str, str],
    refused: BallotRefused | None = None,
) -> Response:
    with house.database.read() as connection:
        turn = turn_of(house, connection, person, turn_id)
    return page(
        request,
        "survey/ballot.html",
        status=422 if refused else 200,
        turn=turn,
        secret=secret,
        sent=sent,
        refusal=str(refused) if refused else "",
        wrong=refused.field if refused else "",
    )
