"""Units and people from an Excel file: all of it, or a list of every line that is wrong."""

from fastapi import APIRouter, Depends, Request
from starlette.datastructures import FormData, UploadFile
from starlette.responses import Response

from api.calendars import assessor_of
from api.errors import Trouble
from api.house import House, house_of
from api.language import gettext as _
from api.pages import page
from api.people.allowed import require
from api.people.queries import QUERIES
from api.security.posted import posted
from api.security.session import signed_in
from api.settings import MEGABYTE
from api.shell import can
from engine.people.imports import Imported, import_workbook
from engine.people.memberships import memberships_of
from engine.people.persons import Person
from engine.people.sheets import write_template
from engine.people.workbook import ImportRefused

router = APIRouter(prefix="/people/import", include_in_schema=False)

_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


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
    return Response(write_template(), media_type=_EXCEL, headers=headers)


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
    data = upload.file.read(house.settings.max_upload_mb * MEGABYTE + 1)
    if len(data) > house.settings.max_upload_mb * MEGABYTE:
        raise Trouble(413, "too_large")
    try:
        done = _import(house, person, data)
    except ImportRefused as refused:
        return page(
            request, "people/import.html", status=422, done=None, errors=refused.errors, file=upload.filename
        )
    return page(request, "people/import.html", done=done, errors=[], file=upload.filename)


def _import(house: House, person: Person, data: bytes) -> Imported:
    assessor = assessor_of(person)
    if assessor is None:
        raise Trouble(403, "not_allowed")
    with house.database.write() as connection:
        before = QUERIES.rows(connection, "administrators")
        own = len(memberships_of(connection, person.id))
        done = import_workbook(
            connection,
            data,
            assessor_id=assessor,
            on=house.today,
            passwords=house.passwords,
            clock=house.security_clock,
        )
        if QUERIES.rows(connection, "administrators") != before and not can(person, "manage_rights"):
            raise Trouble(403, "not_allowed", _("管理员岗位由安全管理员任命，不能导入；没有导入任何一行。"))
        if len(memberships_of(connection, person.id)) != own:
            raise Trouble(403, "not_allowed", _("不能任命自己，请由另一位管理员办理；没有导入任何一行。"))
    return done
