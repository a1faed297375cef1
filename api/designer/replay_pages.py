"""回放: choose a version to replay on, or come from the designer; how far it is, and what it found."""

from fastapi import APIRouter, Depends, Request
from starlette.datastructures import FormData
from starlette.responses import JSONResponse, RedirectResponse, Response

from api.designer import replaying
from api.designer.deploying import may_for_definitions
from api.designer.designer_pages import Files
from api.errors import Trouble
from api.house import House, house_of
from api.pages import page
from api.security.posted import number_of, posted
from api.security.session import signed_in
from engine.bpmn.findings import Refused, to_json
from engine.people.persons import Person

router = APIRouter(include_in_schema=False)
EVERY_SECONDS = "2"


@router.get("/processes/{key}/replays")
def show_replays(
    request: Request, key: str, person: Person = Depends(signed_in), house: House = Depends(house_of)
) -> Response:
    """Choose a version; below it the replays of this process."""
    versions, orders = replaying.versions_and_orders(house, person, key)
    with house.database.read() as connection:
        version = house.engine.definitions.version(connection, versions[0]["id"])
    return page(
        request, "processes/replays.html", version=version, versions=versions, orders=orders,
        may_design=may_for_definitions(person, "design"),
    )  # fmt: skip


@router.post("/processes/{key}/replays")
def order_replay(
    key: str,
    form: FormData = Depends(posted),
    person: Person = Depends(signed_in),
    house: House = Depends(house_of),
) -> Response:
    """Replay on a deployed version; workers play it."""
    order_id = replaying.replay_version(house, person, key, number_of(form, "to"))
    return RedirectResponse(_address(key, order_id), status_code=303)


@router.get("/processes/{key}/replays/{order_id}")
def show_outcome(
    request: Request,
    key: str,
    order_id: str,
    person: Person = Depends(signed_in),
    house: House = Depends(house_of),
) -> Response:
    """How far a replay is, and which instances would go another way, or come to others, or by other dates."""
    found = replaying.outcome(house, person, order_id)
    if found.order.process_key != key:
        raise Trouble(404, "not_found")
    with house.database.read() as connection:
        version = house.engine.definitions.latest(connection, "process", key)
    busy = found.played < found.total
    answer = page(request, "processes/replay.html", version=version, found=found, busy=busy)
    if busy:
        answer.headers["refresh"] = EVERY_SECONDS
    return answer


@router.post("/designer/{key}/replay")
def replay_files(
    key: str, sent: Files, person: Person = Depends(signed_in), house: House = Depends(house_of)
) -> Response:
    """Replay on what stands in the designer; 422 with findings when it could not be deployed."""
    try:
        order_id = replaying.replay_files(house, person, key, sent.files)
    except Refused as refused:
        return JSONResponse(to_json(refused.findings), status_code=422)
    return JSONResponse({"address": _address(key, order_id)}, status_code=202)


def _address(key: str, order_id: str) -> str:
    return f"/processes/{key}/replays/{order_id}"
