"""Units and people from an Excel file: all of it, or a list of every line that is wrong."""

from fastapi import APIRouter, Depends, Request
from starlette.datastructures import FormData, UploadFile
from starlette.responses import Response

from api.errors import Trouble
from api.house import House, house_of
from api.language import gettext as _
from api.pages import page
from api.people.allowed import require
from api.people.importing import EXCEL
from api.people.importing import import_file as import_people
from api.security.posted import posted
from api.security.session import signed_in
from engine.people.persons import Person
from engine.people.sheets import write_template
from engine.people.workbook import ImportRefused

router = APIRouter(prefix="/people/import", include_in_schema=False)


@router.get("")
def show_import(request: Request, person: Person = Depends(signed_in)) -> Response:
    """The page to choose a file."""
    require(person, "manage_people")
    return page(request, "people/import.html", done=None, errors=[], file="")


@router.get("/template.xlsx")
def template(person: Person = Depends(signed_in)) -> Response:
    """The template to fill in, with its explanations."""
    require(person, "manage_people")
    headers = {"content-disposition": "attachment; filename*=UTF-8''bihuan-people.xlsx"}
    return Response(write_template(), media_type=EXCEL, headers=headers)


@router.post("")
def import_file(
    request: Request,
    form: FormData = Depends(posted),
    person: Person = Depends(signed_in),
    house: House = Depends(house_of),
) -> Response:
    """Import the file; one-time passwords of new people are shown this once."""
    require(person, "manage_people")
    upload = form.get("file")
    if not isinstance(upload, UploadFile) or not upload.filename:
        raise Trouble(422, "malformed", _("请先选择一个 Excel 文件。"))
    try:
        done = import_people(house, person, upload)
    except ImportRefused as refused:
        return page(
            request, "people/import.html", status=422, done=None, errors=refused.errors, file=upload.filename
        )
    return page(request, "people/import.html", done=done, errors=[], file=upload.filename)
