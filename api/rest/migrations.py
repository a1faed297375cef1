"""Moving instances to another version of their process, for whoever may deploy."""

from fastapi import APIRouter, Depends

from api.designer import migrating
from api.house import House, house_of
from api.rest import migration_shapes as shapes
from api.rest.addresses import group
from api.security.session import caller
from engine.people.persons import Person

router: APIRouter = group("实例迁移 migrations")


@router.post("/processes/{key}/migrations/check", summary="检查：迁移会怎样，什么也不改变")
def check(
    key: str, sent: shapes.Move, person: Person = Depends(caller), house: House = Depends(house_of)
) -> shapes.Outlook:
    """What differs, what stands in the way of which instance, and which mapping is suggested."""
    found = migrating.outlook(house, person, key, old=sent.old, new=sent.new, mapping=sent.mapping)
    return shapes.Outlook(
        running=found.running,
        differences=[
            shapes.Difference.model_validate(one, from_attributes=True) for one in found.differences
        ],
        suggested=found.suggested,
        items=[shapes.Checked.model_validate(one, from_attributes=True) for one in found.checked],
    )


@router.post(
    "/processes/{key}/migrations/check-all", summary="全部检查：后台逐个看，什么也不改变", status_code=202
)
def check_all(
    key: str, sent: shapes.Move, person: Person = Depends(caller), house: House = Depends(house_of)
) -> shapes.Order:
    """Look into every instance, however many; ask `/migrations/{id}` how far it is and what was found."""
    order_id = migrating.look_at_all(house, person, key, old=sent.old, new=sent.new, mapping=sent.mapping)
    return _order(house, person, order_id)


@router.post("/processes/{key}/migrations", summary="迁移：后台逐个办理", status_code=202)
def order(
    key: str, sent: shapes.Move, person: Person = Depends(caller), house: House = Depends(house_of)
) -> shapes.Order:
    """Order the move; ask `/migrations/{id}` how far it is."""
    order_id = migrating.give_order(house, person, key, old=sent.old, new=sent.new, mapping=sent.mapping)
    return _order(house, person, order_id)


@router.get("/migrations/{order_id}", summary="一次迁移：办到了哪里")
def show(order_id: str, person: Person = Depends(caller), house: House = Depends(house_of)) -> shapes.Order:
    """How many instances are in which state, and why some were not moved."""
    return _order(house, person, order_id)


@router.post("/migrations/{order_id}/undo", summary="退回一次迁移", status_code=202)
def undo(order_id: str, person: Person = Depends(caller), house: House = Depends(house_of)) -> shapes.Order:
    """Instances that have not gone on since go back to exactly what they were."""
    migrating.take_back(house, person, order_id)
    return _order(house, person, order_id)


def _order(house: House, person: Person, order_id: str) -> shapes.Order:
    found = migrating.progress(house, person, order_id)
    plan = found.order.plan
    return shapes.Order(
        id=found.order.id,
        process=plan.process_key,
        old=plan.old.version.number,
        new=plan.new.version.number,
        mapping=dict(plan.mapping),
        ordered_by=found.order.ordered_by_name,
        ordered_at=found.order.ordered_at,
        only_looks=found.order.only_looks,
        counts=found.counts,
        reasons=[
            shapes.Reason(reason=row["reason_text"], count=row["count"], example=row["example"])
            for row in found.reasons
        ],
        items=[
            shapes.Settled(instance_id=row["instance_id"], state=row["state"], reason=row["reason_text"])
            for row in found.rows
        ],
    )
