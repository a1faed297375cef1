"""Instances and their histories."""

from fastapi import APIRouter, Depends

from api.house import House, house_of
from api.inbox.instance_pages import seen_instance
from api.naming import Naming
from api.rest import shapes, work_shapes
from api.rest.addresses import group
from api.security.session import caller
from engine.people.persons import Person
from engine.work import history

router: APIRouter = group("流程实例 instances")


@router.get("/instances/{instance_id}", summary="一个流程实例： 办到了哪里")
def show_instance(
    instance_id: str, person: Person = Depends(caller), house: House = Depends(house_of)
) -> work_shapes.Instance:
    """Status, subject, and where the work is now."""
    with house.database.read() as connection:
        row = seen_instance(connection, person, instance_id)
        naming = Naming(house.engine.definitions, connection)
        version = row["definition_version_id"]
        return work_shapes.Instance(
            id=row["id"],
            title=naming.title(version, year=row["year"], subject=row["subject_name"]),
            process=row["process_key"],
            year=row["year"],
            status=row["status"],
            subject_unit_id=row["subject_unit_id"],
            subject=row["subject_name"],
            parent_id=row["parent_id"],
            definition_version_id=version,
            started_at=row["started_at"],
            ended_at=row["ended_at"],
            active=sorted({item["element_id"] for item in history.open_items(connection, instance_id)}),
            visited=sorted(row["visits_json"].get("e", {})),
        )


@router.get("/instances/{instance_id}/history", summary="办理过程： 谁在什么时候做了什么")
def show_history(
    instance_id: str, person: Person = Depends(caller), house: House = Depends(house_of)
) -> shapes.Listed[work_shapes.Event]:
    """Everything that was done, oldest first; superseded opinions are marked, never removed."""
    with house.database.read() as connection:
        seen_instance(connection, person, instance_id)
        naming = Naming(house.engine.definitions, connection)
        return shapes.Listed[work_shapes.Event](
            items=[
                work_shapes.Event(
                    id=event.id,
                    item_id=event.item_id,
                    element=event.element_id,
                    step=naming.step(event.definition_version_id, event.element_id),
                    round=event.round,
                    verb=event.verb,
                    outcome=event.outcome,
                    person=event.person_name,
                    unit=event.unit_name,
                    post=event.post_name,
                    on_behalf_of=event.on_behalf_of,
                    text=event.text,
                    target=event.target_element_id,
                    happened_at=event.happened_at,
                    superseded=event.superseded,
                )
                for event in history.events(connection, instance_id)
            ]
        )
