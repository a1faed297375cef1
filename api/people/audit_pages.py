"""管理审计: what administrators did, for whoever reads the audit; nothing can be changed here."""

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from api.house import House, house_of
from api.pages import page
from api.people.auditing import END, audit_seen
from api.security.session import signed_in
from engine.audit.administration import NAMES
from engine.people.persons import Person

router = APIRouter(prefix="/audit", include_in_schema=False)


@router.get("")
def show_audit(
    request: Request,
    before: int = END,
    person: Person = Depends(signed_in),
    house: House = Depends(house_of),
) -> Response:
    """The newest acts of administrators in sight, and whether their chain is unbroken."""
    seen = audit_seen(house, person, before=before)
    return page(
        request,
        "people/audit.html",
        events=seen.events,
        names=NAMES,
        older=seen.older,
        broken=seen.broken,
    )
