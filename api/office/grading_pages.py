"""综合评定: the grading table with everything behind it, importing components, snapshots, a unit's sheet."""

from fastapi import APIRouter, Depends, Request
from sqlalchemy import Connection
from starlette.datastructures import FormData, UploadFile
from starlette.responses import RedirectResponse, Response

from api.errors import Trouble
from api.house import House, house_of
from api.language import gettext as _
from api.office import grading
from api.office.cycles import FEEDBACK, start_process
from api.office.radar import radar_of
from api.office.year import held_by_year
from api.pages import page
from api.security.posted import posted
from api.security.session import signed_in
from engine.people.persons import Person
from engine.people.workbook import ImportRefused, LineError
from processes.evaluation.grading.csv_file import write_csv

router = APIRouter(include_in_schema=False)


@router.get("/office/grading")
def show_grading(
    request: Request,
    cycle: str = "",
    said: str = "",
    person: Person = Depends(signed_in),
    house: House = Depends(house_of),
) -> Response:
    """One year: what is missing, the calculation, the grades, appeals, snapshots."""
    with house.database.read() as connection:
        return _grading_page(request, connection, person, cycle, said=_told(said))


@router.post("/office/grading/{cycle_id}/start")
def start_grading(
    cycle_id: str, person: Person = Depends(signed_in), house: House = Depends(house_of)
) -> Response:
    """发起综合评定; a year is graded once."""
    start_process(house, person, cycle_id, grading.GRADING)
    return RedirectResponse(f"/office/grading?cycle={cycle_id}&said=started", status_code=303)


@router.post("/office/grading/{cycle_id}/feedback")
def start_feedback(
    cycle_id: str, person: Person = Depends(signed_in), house: House = Depends(house_of)
) -> Response:
    """发起反馈: every graded unit gets its score sheet."""
    start_process(house, person, cycle_id, FEEDBACK)
    return RedirectResponse(f"/office/grading?cycle={cycle_id}&said=fed_back", status_code=303)


@router.get("/office/grading/{cycle_id}/template.csv")
def template(
    cycle_id: str, person: Person = Depends(signed_in), house: House = Depends(house_of)
) -> Response:
    """A line for each assessed unit, a column for each component."""
    with house.database.read() as connection:
        lines = grading.template_of(connection, person, cycle_id)
    headers = {"content-disposition": "attachment; filename*=UTF-8''components.csv"}
    return Response(write_csv(lines), media_type="text/csv; charset=utf-8", headers=headers)


@router.post("/office/grading/{cycle_id}/marks")
def take_marks(
    request: Request,
    cycle_id: str,
    form: FormData = Depends(posted),
    person: Person = Depends(signed_in),
    house: House = Depends(house_of),
) -> Response:
    """Import components from Excel or CSV: all of it, or every line that is wrong."""
    upload = form.get("file")
    if not isinstance(upload, UploadFile) or not upload.filename:
        raise Trouble(422, "malformed", _("请先选择一个 Excel 或 CSV 文件。"))
    try:
        done = grading.take_marks(house, person, cycle_id, upload)
    except ImportRefused as refused:
        with house.database.read() as connection:
            return _grading_page(request, connection, person, cycle_id, errors=refused.errors)
    said = f"taken-{done.units}-{done.marks}"
    return RedirectResponse(f"/office/grading?cycle={cycle_id}&said={said}", status_code=303)


@router.get("/snapshots/{snapshot_id}")
def show_snapshot(
    request: Request,
    snapshot_id: str,
    person: Person = Depends(signed_in),
    house: House = Depends(house_of),
) -> Response:
    """One sealed snapshot: what it rests on and what came out."""
    return _snapshot_page(request, house, person, snapshot_id, verified=False)


@router.post("/snapshots/{snapshot_id}/verification")
def verify(
    request: Request,
    snapshot_id: str,
    person: Person = Depends(signed_in),
    house: House = Depends(house_of),
) -> Response:
    """验证: compute it again from itself with the stored decision versions, and compare."""
    return _snapshot_page(request, house, person, snapshot_id, verified=True)


@router.get("/units/{unit_id}/score")
def show_sheet(
    request: Request,
    unit_id: str,
    cycle: str = "",
    person: Person = Depends(signed_in),
    house: House = Depends(house_of),
) -> Response:
    """A unit's score sheet, unfolding from the grade to components, rules, figures and evidence."""
    with house.database.read() as connection:
        try:
            unit, sheet = grading.read_sheet(connection, person, unit_id, cycle)
        except grading.NoSheet as none:
            return page(request, "office/no_sheet.html", unit=none.unit)
        sees_all = grading.sees_all(connection, person, sheet["cycle_id"])
    chart = radar_of(sheet["parts"])
    return page(request, "office/sheet.html", unit=unit, sheet=sheet, sees_all=sees_all, radar=chart)


def _grading_page(
    request: Request,
    connection: Connection,
    person: Person,
    cycle_id: str,
    *,
    said: str = "",
    errors: list[LineError] | None = None,
) -> Response:
    results = grading.results_of(connection, person, cycle_id)
    stages = (grading.GRADING, FEEDBACK)
    return page(
        request,
        "office/grading.html",
        status=422 if errors else 200,
        cycles=grading.graded_cycles(connection, person),
        results=results,
        held=held_by_year(house_of(request), connection, person, results.cycle, *stages),
        purposes=grading.PURPOSES,
        said=said,
        errors=errors or [],
    )


def _snapshot_page(
    request: Request, house: House, person: Person, snapshot_id: str, *, verified: bool
) -> Response:
    with house.database.read() as connection:
        found = grading.read_sealed(connection, person, snapshot_id)
        faults = grading.verify(connection, person, snapshot_id) if verified else []
    return page(
        request,
        "office/snapshot.html",
        snapshot=found,
        content=found["content"],
        rows=grading.rows_in(found["content"]),
        purposes=grading.PURPOSES,
        verified=verified,
        faults=faults,
    )


def _told(said: str) -> str:
    if said == "started":
        return _("已发起综合评定。缺少的分项会作为待办交给考评办经办；齐全以后自动计算。")
    if said == "fed_back":
        return _("已发起反馈。各单位的联络员马上收到成绩单。")
    kind, _mark, figures = said.partition("-")
    units, _mark, marks = figures.partition("-")
    if kind == "taken" and units.isdigit() and marks.isdigit():
        return _("已导入 {units} 个单位的 {marks} 个得分。").format(units=units, marks=marks)
    return ""
