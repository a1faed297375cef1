"""Attachments for those who may see what they belong to: the same for pages and REST.

A file belongs to the work item to which it was uploaded. While the item is open it is part of a draft: only
who uploaded it gets it, and who may act on the item now (the desk). Once the item is closed, a file that was
handed in is part of the history, for whoever sees that; one that was left out stays its uploader's. Whoever
does not see the instance gets none of them, not even their own. What lies in a field that the diagram hides
from the reader is hidden with it.
"""

from urllib.parse import quote

from sqlalchemy import Connection
from starlette.responses import FileResponse

from api.errors import Trouble
from api.files import path_of
from api.house import House
from api.language import gettext as _
from api.story import QUERIES, read_instance
from engine.people.persons import Person
from engine.people.rights import may
from engine.store import Row
from engine.verbs.showing.readers import NOTHING, hidden_from
from engine.verbs.visit import thing_of
from engine.work.history import may_see
from engine.work.items import read_item

PICTURES = frozenset({"image/png", "image/jpeg"})
PDF = "application/pdf"
"""With pictures, what a browser may show itself; everything else is downloaded."""
_NOTHING = "default-src 'none'; sandbox"
_PAGES_OF_PDF = (
    "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'"
)
"""A sandbox would keep the browser's own reader of PDF from starting; nothing else may load or frame it."""


def attachment(house: House, person: Person, file_id: str, *, save: bool = False) -> FileResponse:
    """The file's content with its name and type; with `save` always for the disk. Raises Trouble(404)."""
    row = seen_file(house, person, file_id)
    path = path_of(house.settings.files_dir, row["digest"])
    if not path.is_file():
        raise Trouble(404, "not_found", _("附件的内容不在了，请告诉管理员。"))
    way = "inline" if may_preview(row) and not save else "attachment"
    is_pdf = row["media_type"] == PDF
    headers = {
        "content-disposition": f"{way}; filename*=UTF-8''{quote(row['name'], safe='')}",
        "content-security-policy": _PAGES_OF_PDF if is_pdf else _NOTHING,
        "x-frame-options": "SAMEORIGIN" if is_pdf else "DENY",
    }
    return FileResponse(path, media_type=row["media_type"], headers=headers)


def seen_file(house: House, person: Person, file_id: str) -> Row:
    """The file's row (of the query `file`), if the person may see it. Raises Trouble(404)."""
    with house.database.read() as connection:
        row = QUERIES.row(connection, "file", id=file_id)
        if row is None or not may_see_file(house, connection, person, row):
            raise Trouble(404, "not_found")
    return row


def may_preview(file: Row) -> bool:
    """Whether a browser shows the file itself: pictures and PDF, by what their bytes are."""
    return file["media_type"] in PICTURES or file["media_type"] == PDF


def files_of(house: House, connection: Connection, person: Person, instance_id: str) -> list[Row]:
    """The files of an instance, if the person may see that: what was handed in, and one's own."""
    rows = QUERIES.rows(connection, "files", instance_id=instance_id, person_id=person.id)
    return _open_to(house, connection, person, instance_id, rows)


def may_see_file(house: House, connection: Connection, person: Person, file: Row) -> bool:
    """Whether the person may see a file (a row of the query `file`); see the module."""
    if not may_see(connection, person, file["instance_id"]):
        return False
    if file["created_by"] == person.id:
        return True
    if not file["item_open"]:
        seen = _open_to(house, connection, person, file["instance_id"], [file])
        return bool(file["handed_in"] and seen)
    item = read_item(connection, file["item_id"])
    return item is not None and may(person, "act_item", thing_of(item))


def _open_to(
    house: House, connection: Connection, person: Person, instance_id: str, rows: list[Row]
) -> list[Row]:
    """Without those in fields that are hidden from the person."""
    of_others = {row["element_id"] for row in rows if row["created_by"] != person.id}
    instance = read_instance(connection, instance_id) if of_others else None
    if instance is None:
        return rows
    version = house.engine.definitions.process(connection, instance["definition_version_id"])
    hidden = {
        one: hidden_from(
            house.engine.setup, connection, person, instance_id=instance_id, version=version, element=element
        )
        for one in of_others
        if (element := version.drawn.elements.get(one)) is not None
    }
    return [
        row
        for row in rows
        if row["created_by"] == person.id
        or not _lies_in(row["field"], hidden.get(row["element_id"], NOTHING))
    ]


def _lies_in(field: str, hidden: frozenset[str]) -> bool:
    """Whether a field (`rows.0.proof`), or what holds it, is one of the paths `hidden` (`rows.proof`)."""
    parts = [part for part in field.split(".") if not part.isdigit()]
    return any(".".join(parts[:length]) in hidden for length in range(1, len(parts) + 1))
