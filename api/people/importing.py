"""Units and people from an Excel file, all or nothing: the same for the page and the REST call."""

from starlette.datastructures import UploadFile

from api.calendars import assessor_of
from api.errors import Trouble
from api.house import House
from api.language import gettext as _
from api.people.allowed import require
from api.people.queries import QUERIES
from api.settings import MEGABYTE
from api.shell import can
from engine.people.imports import Imported, import_workbook
from engine.people.memberships import memberships_of
from engine.people.persons import Person

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def import_file(house: House, person: Person, upload: UploadFile) -> Imported:
    """Import it for the person's assessor. Raises Trouble(403, 413), ImportRefused; then nothing changed."""
    require(person, "manage_people")
    assessor = assessor_of(person)
    if assessor is None:
        raise Trouble(403, "not_allowed")
    data = upload.file.read(house.settings.max_upload_mb * MEGABYTE + 1)
    if len(data) > house.settings.max_upload_mb * MEGABYTE:
        raise Trouble(413, "too_large")
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
