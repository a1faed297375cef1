"""Processes with their versions, and the diagram of each version."""

from fastapi import APIRouter, Depends, Request
from sqlalchemy import Connection
from starlette.responses import Response

from api.designer.deploying import may_for_definitions
from api.errors import Trouble
from api.house import House, house_of
from api.pages import page
from api.security.session import signed_in
from api.shell import knows_processes
from engine.people.persons import Person
from engine.runtime.definitions.versions import Version

router = APIRouter(include_in_schema=False)


@router.get("/processes")
def list_processes(
    request: Request, person: Person = Depends(signed_in), house: House = Depends(house_of)
) -> Response:
    """Every process with its newest version."""
    _require(person)
    with house.database.read() as connection:
        lines = house.engine.definitions.listed(connection, "process")
    return page(request, "processes/list.html", lines=lines, may_design=may_for_definitions(person, "design"))


@router.get("/processes/{key}")
def show_process(
    request: Request, key: str, person: Person = Depends(signed_in), house: House = Depends(house_of)
) -> Response:
    """One process: its newest diagram and all versions, with how many instances run on each."""
    _require(person)
    with house.database.read() as connection:
        versions = house.engine.definitions.versions(connection, "process", key)
        if not versions:
            raise Trouble(404, "not_found")
        version = house.engine.definitions.version(connection, versions[0]["id"])
    return page(
        request, "processes/process.html", diagram=True, version=version, versions=versions,
        newest=True, may_design=may_for_definitions(person, "design"),
        may_move=may_for_definitions(person, "deploy") and len(versions) > 1,
        may_replay=may_for_definitions(person, "deploy"),
    )  # fmt: skip


@router.get("/processes/{key}/versions/{number}")
def show_version(
    request: Request,
    key: str,
    number: int,
    person: Person = Depends(signed_in),
    house: House = Depends(house_of),
) -> Response:
    """An older version of a process."""
    _require(person)
    with house.database.read() as connection:
        versions = house.engine.definitions.versions(connection, "process", key)
        found = next((row for row in versions if row["number"] == number), None)
        if found is None:
            raise Trouble(404, "not_found")
        version = house.engine.definitions.version(connection, found["id"])
    return page(
        request, "processes/process.html", diagram=True, version=version, versions=versions,
        newest=number == versions[0]["number"], may_design=may_for_definitions(person, "design"),
        may_move=may_for_definitions(person, "deploy") and len(versions) > 1,
        may_replay=may_for_definitions(person, "deploy"),
    )  # fmt: skip


@router.get("/definitions/{version_id}")
def show_diagram(
    request: Request,
    version_id: str,
    person: Person = Depends(signed_in),
    house: House = Depends(house_of),
) -> Response:
    """One diagram by itself, large: how the work goes is no secret to whoever works in it."""
    with house.database.read() as connection:
        version = _version(connection, house, version_id)
    return page(request, "processes/diagram.html", diagram=True, version=version)


@router.get("/definitions/{version_id}/diagram")
def diagram_file(
    version_id: str, person: Person = Depends(signed_in), house: House = Depends(house_of)
) -> Response:
    """The BPMN file of a version, as it was deployed."""
    return diagram_answer(house, version_id)


def diagram_answer(house: House, version_id: str) -> Response:
    """The BPMN file of a version, for pages and REST. Raises Trouble(404)."""
    with house.database.read() as connection:
        version = _version(connection, house, version_id)
    return Response(
        version.content,
        media_type="application/xml",
        headers={"cache-control": "private, max-age=31536000, immutable"},
    )


def _version(connection: Connection, house: House, version_id: str) -> Version:
    try:
        version = house.engine.definitions.version(connection, version_id)
    except LookupError:
        raise Trouble(404, "not_found") from None
    if version.kind != "process":
        raise Trouble(404, "not_found")
    return version


def _require(person: Person) -> None:
    if not knows_processes(person):
        raise Trouble(403, "not_allowed")
