"""管理审计: what administrators did; nothing can be changed here."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from api.house import House, house_of
from api.people.auditing import END, audit_seen
from api.rest import people_shapes
from api.rest.addresses import group
from api.security.session import caller
from engine.audit.administration import NAMES
from engine.people.persons import Person

router: APIRouter = group("管理审计 audit")


@router.get("/audit", summary="管理员做过什么，新的在前")
def list_acts(
    after: Annotated[int, Query(ge=0, le=END, description="上一页的 next")] = END,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    person: Person = Depends(caller),
    house: House = Depends(house_of),
) -> people_shapes.Audit:
    """For whoever reads the audit; `broken` says whether the chain of acts still holds."""
    seen = audit_seen(house, person, before=after, limit=limit)
    return people_shapes.Audit(
        items=[
            people_shapes.AuditEntry(
                number=event.seq,
                happened_at=event.happened_at,
                actor_id=event.actor_id,
                actor=event.actor_name,
                act=event.act,
                act_name=NAMES.get(event.act, event.act),
                subject_id=event.subject_id,
                subject=event.subject_name,
                unit_id=event.unit_id,
                note=event.note_text,
            )
            for event in seen.events
        ],
        next=None if seen.older is None else str(seen.older),
        broken=seen.broken,
    )
