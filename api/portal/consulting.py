"""公示征求意见: reading a consultation and taking a comment; the same for the open page and REST."""

from dataclasses import dataclass
from typing import Any

from fastapi import Request
from sqlalchemy import Connection, select

from api.errors import Trouble
from api.house import House
from api.language import gettext as _
from processes.cycle.records import Cycle
from processes.planning.decisions import Consultation
from processes.planning.queries import add_comment
from processes.tables import table_of

CONSULTATIONS = table_of(Consultation)
CYCLES = table_of(Cycle)


@dataclass(frozen=True)
class Said:
    """What a visitor says, about a unit or about all of them, under any name or none."""

    text: str
    name: str = ""
    unit_id: str = ""


def read_consultation(connection: Connection, consultation_id: str) -> dict[str, Any]:
    """A consultation with its year, open or over. Raises Trouble(404)."""
    query = (
        select(CONSULTATIONS, CYCLES.c.year)
        .join(CYCLES, CYCLES.c.id == CONSULTATIONS.c.cycle_id)
        .where(CONSULTATIONS.c.id == consultation_id)
    )
    row = connection.execute(query).mappings().first()
    if row is None:
        raise Trouble(404, "not_found")
    return dict(row)


def is_open(house: House, consultation: dict[str, Any]) -> bool:
    """Whether comments are still taken."""
    return bool(consultation["state"] == "open" and consultation["closes_on"] >= house.today)


def take(request: Request, house: House, consultation_id: str, said: Said) -> str:
    """Take one comment; its id. Neither address nor device is kept. Raises Trouble(429), CommentRefused."""
    address = request.client.host if request.client else ""
    if not request.app.state.comment_limit.admits(address):
        raise Trouble(429, "too_many", _("同一地点一小时内提交的意见太多，请过一会儿再试。"))
    with house.database.write() as connection:
        return add_comment(
            connection,
            consultation_id,
            text=said.text,
            name=said.name,
            unit_id=said.unit_id or None,
            at=house.engine.clock.now(),
            today=house.today,
        )
