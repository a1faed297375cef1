"""Units and people from an Excel file, all or nothing: the same for the page and the REST call."""

from starlette.datastructures import UploadFile

from api.calendars import assessor_for
from api.errors import Trouble
from api.house import House
from api.people.allowed import require
from api.people.recording import record_unit
from api.settings import MEGABYTE
from engine.people.imports import Imported, import_workbook
from engine.people.persons import Person
from engine.people.units import read_unit
from engine.work.rerouting import settle

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def import_file(house: House, person: Person, upload: UploadFile) -> Imported:
    """Import it for the assessor whose people the person administers; each line asks for its own right.

    Raises Trouble(403, 413), ImportRefused; then nothing changed.
    """
    require(person, "manage_people")
    assessor = assessor_for(person, "manage_people")
    if assessor is None:
        raise Trouble(403, "not_allowed")
    data = upload.file.read(house.settings.max_upload_mb * MEGABYTE + 1)
    if len(data) > house.settings.max_upload_mb * MEGABYTE:
        raise Trouble(413, "too_large")
    with house.database.write() as connection:
        done = import_workbook(
            connection,
            data,
            assessor_id=assessor,
            on=house.today,
            passwords=house.passwords,
            clock=house.security_clock,
            by=person,
        )
        unit, said = read_unit(connection, assessor), _in_words(done)
        record_unit(house, connection, person, "import", unit, said=said)
        settle(connection, at=house.engine.clock.now(), today=house.today)
    return done


def _in_words(done: Imported) -> str:
    """Who was given an account or a post, so that the auditor need not believe the importer."""
    people = "、".join([one.login for one in done.people_added] + done.people_changed)
    return f"单位 {len(done.units_added)} + {len(done.units_changed)}，任职 {done.appointments}；{people}"
