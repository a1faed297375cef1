"""The designer: a page that opens a diagram, and the two calls its browser part makes."""

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel
from sqlalchemy import Connection
from starlette.responses import JSONResponse, Response

from api.designer.deploying import check, deploy, may_for_definitions, require_for_definitions
from api.errors import Trouble
from api.house import House, house_of
from api.pages import page
from api.security.session import signed_in
from engine.bpmn.findings import Refused, to_json
from engine.people.persons import Person
from engine.runtime.definitions.versions import UnknownDefinition, Version

router = APIRouter(prefix="/designer", include_in_schema=False)


class Files(BaseModel):
    """Files by name, as text."""

    files: dict[str, str]
    note: str = ""
    based_on: dict[str, int] = {}


@router.get("/{key}")
def show_designer(
    request: Request, key: str, person: Person = Depends(signed_in), house: House = Depends(house_of)
) -> Response:
    """The designer with the newest version of a process."""
    require_for_definitions(person, "design")
    with house.database.read() as connection:
        version = _latest(connection, house, key)
    return page(
        request, "designer/designer.html", diagram=True, version=version,
        may_deploy=may_for_definitions(person, "deploy"),
    )  # fmt: skip


@router.post("/lint")
def lint_files(
    sent: Files, person: Person = Depends(signed_in), house: House = Depends(house_of)
) -> Response:
    """Findings of the lint."""
    return JSONResponse(to_json(check(house, person, sent.files)))


@router.post("/deploy")
def deploy_files(
    sent: Files, person: Person = Depends(signed_in), house: House = Depends(house_of)
) -> Response:
    """Deploy as a new version; 422 with findings when the lint refuses."""
    try:
        deployed = deploy(house, person, sent.files, note=sent.note[:200], based_on=sent.based_on)
    except Refused as refused:
        return JSONResponse(to_json(refused.findings), status_code=422)
    processes = [version for version in deployed.versions if version.kind == "process"]
    first = (processes or list(deployed.versions))[0]
    return JSONResponse({"definition": first.key, "version": first.number, "new": first.new})


def _latest(connection: Connection, house: House, key: str) -> Version:
    try:
        return house.engine.definitions.latest(connection, "process", key)
    except UnknownDefinition:
        raise Trouble(404, "not_found") from None
