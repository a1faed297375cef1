"""Processes, their versions, checking and deploying."""

from fastapi import APIRouter, Depends
from starlette.responses import Response

from api.designer.deploying import check, deploy
from api.designer.process_pages import diagram_answer
from api.errors import Trouble, problem
from api.house import House, house_of
from api.rest import definition_shapes, shapes
from api.rest.addresses import group
from api.security.session import caller
from api.shell import knows_processes
from engine.bpmn.findings import Refused, to_json
from engine.people.persons import Person

router: APIRouter = group("流程定义 definitions")


@router.get("/processes", summary="已部署的流程")
def list_processes(
    person: Person = Depends(caller), house: House = Depends(house_of)
) -> shapes.Listed[definition_shapes.Process]:
    """Every process with its newest version, for designers and the office."""
    _require_knowing(person)
    with house.database.read() as connection:
        rows = house.engine.definitions.listed(connection, "process")
    return shapes.Listed[definition_shapes.Process](
        items=[
            definition_shapes.Process(
                key=row["key"],
                name=row["name"],
                version=row["number"],
                file=row["file"],
                deployed_at=row["created_at"],
            )
            for row in rows
        ]
    )


@router.get("/processes/{key}", summary="一个流程的所有版本")
def list_versions(
    key: str, person: Person = Depends(caller), house: House = Depends(house_of)
) -> shapes.Listed[definition_shapes.VersionLine]:
    """All versions, newest first, for designers and the office."""
    _require_knowing(person)
    with house.database.read() as connection:
        rows = house.engine.definitions.versions(connection, "process", key)
    if not rows:
        raise Trouble(404, "not_found")
    return shapes.Listed[definition_shapes.VersionLine](
        items=[
            definition_shapes.VersionLine(
                id=row["id"],
                version=row["number"],
                file=row["file"],
                digest=row["digest"],
                deployed_at=row["created_at"],
                note=row["note"] or "",
                running=row["running"],
            )
            for row in rows
        ]
    )


@router.get("/processes/{key}/versions/{number}", summary="一个版本的流程图")
def show_version(
    key: str, number: int, person: Person = Depends(caller), house: House = Depends(house_of)
) -> definition_shapes.ProcessVersion:
    """One version with its diagram, for designers and the office."""
    _require_knowing(person)
    with house.database.read() as connection:
        rows = house.engine.definitions.versions(connection, "process", key)
        row = next((row for row in rows if row["number"] == number), None)
        if row is None:
            raise Trouble(404, "not_found")
        version = house.engine.definitions.version(connection, row["id"])
    return definition_shapes.ProcessVersion(
        id=version.id,
        key=version.key,
        name=version.name,
        version=version.number,
        file=version.file,
        digest=version.digest,
        xml=version.content.decode("utf-8", "replace"),
    )


@router.get(
    "/definitions/{version_id}/diagram", summary="流程图文件，按部署时的样子", response_class=Response
)
def download_diagram(
    version_id: str, person: Person = Depends(caller), house: House = Depends(house_of)
) -> Response:
    """The BPMN file of a version; how the work goes is no secret to whoever works in it."""
    return diagram_answer(house, version_id)


@router.post("/lint", summary="检查流程图、决策和表单", response_model_exclude_defaults=True)
def lint_files(
    sent: definition_shapes.Lint, person: Person = Depends(caller), house: House = Depends(house_of)
) -> definition_shapes.Findings:
    """What the lint says, as `bihuan lint --json` does; nothing is stored."""
    return definition_shapes.Findings(
        findings=[_finding(found) for found in check(house, person, sent.files, level=sent.level)]
    )


@router.post(
    "/deployments",
    summary="部署：全部通过检查才生效",
    status_code=201,
    response_model=definition_shapes.Deployed,
    response_model_exclude_defaults=True,
)
def deploy_files(
    sent: definition_shapes.Files, person: Person = Depends(caller), house: House = Depends(house_of)
) -> definition_shapes.Deployed | Response:
    """Make new versions of all files together, or 422 with `findings` and nothing changed."""
    try:
        done = deploy(house, person, sent.files, note=sent.note, based_on=sent.based_on)
    except Refused as refused:
        return problem(
            status=422,
            code="refused",
            message="检查没有通过，什么也没有部署。",
            more={**to_json(refused.findings)},
        )
    return definition_shapes.Deployed(
        deployment_id=done.deployment_id,
        versions=[
            definition_shapes.DeployedVersion(kind=one.kind, key=one.key, version=one.number, new=one.new)
            for one in done.versions
        ],
        findings=[_finding(found) for found in done.warnings],
    )


def _require_knowing(person: Person) -> None:
    """The rule of the pages. Raises Trouble(403)."""
    if not knows_processes(person):
        raise Trouble(403, "not_allowed")


def _finding(found: object) -> definition_shapes.Finding:
    return definition_shapes.Finding.model_validate(found, from_attributes=True)
