"""数据采集: what a body has to deliver, its Excel file, who has not delivered; starting the year's end."""

from fastapi import APIRouter, Depends, Request
from starlette.datastructures import FormData, UploadFile
from starlette.responses import RedirectResponse, Response

from api.errors import Trouble
from api.house import House, house_of
from api.language import gettext as _
from api.naming import Naming
from api.office.collecting import (
    ASSESSMENT,
    COLLECTION,
    SOURCES,
    ask_correction,
    delivery,
    entry_items,
    followed,
    import_figures,
    may_correct,
    open_entry,
    own_supplies,
)
from api.office.cycles import may_run, start_process
from api.office.following import was_started
from api.office.year import held_by_year
from api.pages import page
from api.people.importing import EXCEL
from api.security.posted import posted, text_of
from api.security.session import signed_in
from engine.people.persons import Person
from engine.people.workbook import ImportRefused
from processes.evaluation.collection.workbook import template

router = APIRouter(include_in_schema=False)


@router.get("/data")
def show_own(
    request: Request, person: Person = Depends(signed_in), house: House = Depends(house_of)
) -> Response:
    """采集单: the person's open entry tasks, and every year for which the own body supplies figures."""
    with house.database.read() as connection:
        naming = Naming(house.engine.definitions, connection)
        tasks = [
            {
                "id": row.item_id,
                "year": row.year,
                "unit": row.subject_name,
                "step": naming.step(row.definition_version_id, row.element_id),
                "due_on": row.due_on,
                "late": row.due_on is not None and row.due_on < house.today,
            }
            for row in entry_items(connection, person)
        ]
        supplies = own_supplies(connection, person)
    return page(request, "office/data.html", tasks=tasks, supplies=supplies, errors=[], file="", item="")


@router.get("/data/items/{item_id}/template.xlsx")
def download(item_id: str, person: Person = Depends(signed_in), house: House = Depends(house_of)) -> Response:
    """The entry task's orders as an Excel file to fill in."""
    orders = open_entry(house, person, item_id)[1]
    headers = {"content-disposition": "attachment; filename*=UTF-8''bihuan-data.xlsx"}
    return Response(template(orders), media_type=EXCEL, headers=headers)


@router.post("/data/items/{item_id}/import")
def upload(
    request: Request,
    item_id: str,
    form: FormData = Depends(posted),
    person: Person = Depends(signed_in),
    house: House = Depends(house_of),
) -> Response:
    """Fill the entry form from a file; then the form opens, to be looked at and sent."""
    sent = form.get("file")
    if not isinstance(sent, UploadFile) or not sent.filename:
        raise Trouble(422, "malformed", _("请先选择一个 Excel 文件。"))
    try:
        import_figures(house, person, item_id, sent)
    except ImportRefused as refused:
        return page(
            request,
            "office/data.html",
            status=422,
            tasks=[],
            supplies=[],
            errors=refused.errors,
            file=sent.filename,
            item=item_id,
        )
    return RedirectResponse(f"/tasks/{item_id}", status_code=303)


@router.get("/data/{cycle_id}/{supplier_id}")
def show_delivery(
    request: Request,
    cycle_id: str,
    supplier_id: str,
    person: Person = Depends(signed_in),
    house: House = Depends(house_of),
) -> Response:
    """A body's figures of a year with where each stands."""
    with house.database.read() as connection:
        row, orders = delivery(connection, person, cycle_id, supplier_id)
    return page(
        request,
        "office/delivery.html",
        row=row,
        orders=orders,
        sources=SOURCES,
        correctable=may_correct(person, row, orders),
        lock_on=row["calendar"]["data_lock"]["on"],
    )


@router.post("/data/{cycle_id}/{supplier_id}/correct")
def correct(
    cycle_id: str,
    supplier_id: str,
    form: FormData = Depends(posted),
    person: Person = Depends(signed_in),
    house: House = Depends(house_of),
) -> Response:
    """申请更正: until the lock."""
    ask_correction(house, person, cycle_id, supplier_id, text_of(form, "source"))
    return RedirectResponse("/data", status_code=303)


@router.get("/office/data")
def show_deliveries(
    request: Request,
    cycle: str = "",
    person: Person = Depends(signed_in),
    house: House = Depends(house_of),
) -> Response:
    """谁没有报: every supplying body of a year; and the buttons that start collection and assessment."""
    with house.database.read() as connection:
        cycles, chosen, rows = followed(connection, person, cycle)
        runs = may_run(person, chosen)
        may_start = [
            (key, label)
            for key, label in ((COLLECTION, _("发起数据采集")), (ASSESSMENT, _("发起目标考核")))
            if runs and not was_started(connection, chosen["id"], key)
        ]
        held = held_by_year(house, connection, person, chosen, COLLECTION, ASSESSMENT)
    return page(
        request,
        "office/deliveries.html",
        cycles=cycles,
        cycle=chosen,
        rows=rows,
        may_start=may_start,
        held=held,
    )


@router.post("/office/data")
def start(
    form: FormData = Depends(posted), person: Person = Depends(signed_in), house: House = Depends(house_of)
) -> Response:
    """Start the year's data collection or assessment; each once."""
    cycle, process = text_of(form, "cycle"), text_of(form, "process")
    if process not in (COLLECTION, ASSESSMENT):
        raise Trouble(422, "malformed")
    start_process(house, person, cycle, process)
    return RedirectResponse(f"/office/data?cycle={cycle}", status_code=303)
