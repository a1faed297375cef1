"""A task on paper: a page for the printer, and the same as PDF; by page and by REST."""

from urllib.parse import quote

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from api.house import House, house_of
from api.pages import page
from api.paper.sheets import sheet_of
from api.paper.typesetting import pdf_of
from api.rest.addresses import group
from api.security.session import caller, signed_in
from engine.people.persons import Person

router = APIRouter(prefix="/tasks", include_in_schema=False)
rest_router: APIRouter = group("办理 at the desk")


@router.get("/{item_id}/print")
def show_print(
    request: Request, item_id: str, person: Person = Depends(signed_in), house: House = Depends(house_of)
) -> Response:
    """The task as it goes to the printer: form, opinions, signatures."""
    return page(request, "task/print.html", sheet=sheet_of(house, person, item_id))


@router.get("/{item_id}/pdf")
def show_pdf(item_id: str, person: Person = Depends(signed_in), house: House = Depends(house_of)) -> Response:
    """The same as PDF."""
    return _pdf(house, person, item_id)


@rest_router.get(
    "/work-items/{item_id}/pdf",
    summary="一项任务的 PDF： 表单、意见和签名",
    response_class=Response,
    responses={200: {"content": {"application/pdf": {}}}},
)
def read_pdf(item_id: str, person: Person = Depends(caller), house: House = Depends(house_of)) -> Response:
    """Of an open task or of one that is done, for who may see it. 503 where no Chinese font is installed."""
    return _pdf(house, person, item_id)


def _pdf(house: House, person: Person, item_id: str) -> Response:
    sheet = sheet_of(house, person, item_id)
    content = pdf_of(sheet, files=house.settings.files_dir)
    name = quote(f"{sheet.title} {sheet.step}.pdf", safe="")
    headers = {"content-disposition": f"attachment; filename*=UTF-8''{name}"}
    return Response(content, media_type="application/pdf", headers=headers)
