"""Attachments for those who may see what they belong to: the same for pages and REST."""

from urllib.parse import quote

from starlette.responses import FileResponse

from api.errors import Trouble
from api.files import path_of
from api.house import House
from api.language import gettext as _
from api.story import QUERIES
from engine.people.persons import Person
from engine.work.history import may_see

_SHOWN_INLINE = frozenset({"image/png", "image/jpeg"})
"""Types that a browser may show itself; everything else is downloaded."""


def attachment(house: House, person: Person, file_id: str) -> FileResponse:
    """The file's content with its name and type. Raises Trouble(404)."""
    with house.database.read() as connection:
        row = QUERIES.row(connection, "file", id=file_id)
        if row is None or not may_see(connection, person, row["instance_id"]):
            raise Trouble(404, "not_found")
    path = path_of(house.settings.files_dir, row["digest"])
    if not path.is_file():
        raise Trouble(404, "not_found", _("附件的内容不在了，请告诉管理员。"))
    way = "inline" if row["media_type"] in _SHOWN_INLINE else "attachment"
    headers = {
        "content-disposition": f"{way}; filename*=UTF-8''{quote(row['name'], safe='')}",
        "content-security-policy": "default-src 'none'; sandbox",
    }
    return FileResponse(path, media_type=row["media_type"], headers=headers)
