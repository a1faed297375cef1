"""管理审计: what administrators did, for whoever reads the audit; nothing can be changed here."""

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from api.house import House, house_of
from api.pages import page
from api.people.allowed import require
from api.security.session import signed_in
from engine.audit.administration import NAMES, broken, newest
from engine.people.persons import Person
from engine.people.visible import ThingColumns, visible

router = APIRouter(prefix="/audit", include_in_schema=False)

_COLUMNS = ThingColumns(unit="e.unit_id", assessor="e.assessor_id")
_MOST = 100
_END = 2**31 - 1


@router.get("")
def show_audit(
    request: Request,
    before: int = _END,
    person: Person = Depends(signed_in),
    house: House = Depends(house_of),
) -> Response:
    """The newest acts of administrators in sight, and whether their chain is unbroken."""
    require(person, "read_audit")
    seen = visible(person, "read_audit", _COLUMNS)
    with house.database.read() as connection:
        found = newest(
            connection, condition=seen.text, values=seen.values, before=min(before, _END), limit=_MOST + 1
        )
        reason = broken(connection)
    shown = found[:_MOST]
    return page(
        request,
        "people/audit.html",
        events=shown,
        names=NAMES,
        older=shown[-1].seq if len(found) > _MOST else None,
        broken=reason,
    )
