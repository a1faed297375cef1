"""评审席位: an expert's own project to read, and its anonymous files under neutral names."""

from pathlib import PurePath
from urllib.parse import quote

from sqlalchemy import Connection
from starlette.responses import FileResponse

from api.errors import Trouble
from api.files import path_of
from api.house import House
from api.story import QUERIES
from engine.people.persons import Person
from processes.innovation.material import Material, material_for


def read_seat(connection: Connection, person: Person, seat_id: str) -> Material:
    """The material of one's own seat. Raises Trouble(404) for anybody else's, and one that was given on."""
    found = material_for(connection, person.id, seat_id)
    if found is None:
        raise Trouble(404, "not_found")
    return found


def seat_file(house: House, person: Person, seat_id: str, number: int) -> FileResponse:
    """The anonymous file of this number (from 1); its own name is not told. Raises Trouble(404)."""
    with house.database.read() as connection:
        found = read_seat(connection, person, seat_id)
        if not 1 <= number <= len(found.file_ids):
            raise Trouble(404, "not_found")
        row = QUERIES.row(connection, "file", id=found.file_ids[number - 1])
    if row is None or not path_of(house.settings.files_dir, row["digest"]).is_file():
        raise Trouble(404, "not_found")
    name = f"{found.number}-材料{number}{PurePath(row['name']).suffix.lower()}"
    headers = {
        "content-disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",
        "content-security-policy": "default-src 'none'; sandbox",
    }
    path = path_of(house.settings.files_dir, row["digest"])
    return FileResponse(path, media_type=row["media_type"], headers=headers)
