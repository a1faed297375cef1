"""Instances: where they stand, their histories, what they called, their files."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from api.children import children_of
from api.errors import Trouble
from api.house import House, house_of
from api.inbox.attachments import attachment, files_of
from api.inbox.instance_pages import seen_instance
from api.naming import Naming
from api.rest import shapes, work_shapes
from api.rest.addresses import group
from api.security.session import caller
from engine.ids import is_id
from engine.people.persons import Person
from engine.verbs.tokens.standing import StoodStill, stand
from engine.work import history
from engine.work.chosen import read_chosen

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
            title=naming.title(version, year=row["year"], subject=row["subject_name"], matter=row["matter"]),
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
            version=row["lock_version"],
        )


@router.post("/instances/{instance_id}/suspend", summary="挂起一个流程，连同它调用的")
def suspend(
    instance_id: str,
    sent: work_shapes.StandStill,
    person: Person = Depends(caller),
    house: House = Depends(house_of),
) -> work_shapes.StoodStill:
    """Nothing moves in it until it is resumed; 403 for others than the office, 409 when it does not run."""
    return _stood(stand(house.engine, person, instance_id, "suspend", **sent.model_dump()))


@router.post("/instances/{instance_id}/resume", summary="恢复办理一个挂起的流程，连同一起挂起的")
def resume(
    instance_id: str,
    sent: work_shapes.GoOn,
    person: Person = Depends(caller),
    house: House = Depends(house_of),
) -> work_shapes.StoodStill:
    """Deadlines move by the working days between; 409 when it does not stand still."""
    return _stood(stand(house.engine, person, instance_id, "resume", **sent.model_dump()))


def _stood(done: StoodStill) -> work_shapes.StoodStill:
    return work_shapes.StoodStill(id=done.instance_id, status=done.status, instances=done.instances)


@router.get("/instances/{instance_id}/history", summary="办理过程： 谁在什么时候做了什么")
def show_history(
    instance_id: str,
    after: Annotated[str, Query(max_length=36, description="上一页的 next")] = "",
    limit: Annotated[int, Query(ge=1, le=1000)] = 500,
    person: Person = Depends(caller),
    house: House = Depends(house_of),
) -> shapes.Listed[work_shapes.Event]:
    """Everything that was done, oldest first; superseded opinions are marked, never removed."""
    if after and not is_id(after):
        raise Trouble(422, "bad_cursor", "after 不是本列表给出的游标。")
    with house.database.read() as connection:
        seen_instance(connection, person, instance_id)
        naming = Naming(house.engine.definitions, connection)
        found = history.events(connection, instance_id, after=after, limit=limit + 1)
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
                    standing_for=event.stood_in_for_name,
                    text=event.text,
                    target=event.target_element_id,
                    happened_at=event.happened_at,
                    superseded=event.superseded,
                    signature=f"/events/{event.id}/signature" if event.signature_digest else None,
                    chosen={one.element_id: one.name for one in read_chosen(event.chosen_text)},
                )
                for event in found[:limit]
            ],
            next=found[limit - 1].id if len(found) > limit else None,
        )


@router.get("/instances/{instance_id}/children", summary="它调用的流程实例")
def list_children(
    instance_id: str,
    after: Annotated[str, Query(max_length=80, description="上一页的 next")] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 100,
    person: Person = Depends(caller),
    house: House = Depends(house_of),
) -> shapes.Listed[work_shapes.Child]:
    """Instances that this one called, those still running first, a page at a time."""
    with house.database.read() as connection:
        seen_instance(connection, person, instance_id)
        naming = Naming(house.engine.definitions, connection)
        found = children_of(connection, instance_id, after=after, limit=limit)
        return shapes.Listed[work_shapes.Child](
            items=[
                work_shapes.Child(
                    id=row["id"],
                    title=naming.title(
                        row["definition_version_id"],
                        year=row["year"],
                        subject=row["subject_name"],
                        matter=row["matter"],
                    ),
                    status=row["status"],
                    open_items=row["open"],
                )
                for row in found.rows
            ],
            next=found.next,
        )


@router.get("/instances/{instance_id}/files", summary="附件")
def list_files(
    instance_id: str, person: Person = Depends(caller), house: House = Depends(house_of)
) -> shapes.Listed[work_shapes.Attachment]:
    """What others uploaded shows once their task is done; what one uploaded oneself, at once."""
    with house.database.read() as connection:
        seen_instance(connection, person, instance_id)
        rows = files_of(house, connection, person, instance_id)
    return shapes.Listed[work_shapes.Attachment](
        items=[
            work_shapes.Attachment(
                id=row["id"],
                name=row["name"],
                size=row["size"],
                media_type=row["media_type"],
                element=row["element_id"],
                created_at=row["created_at"],
                address=f"/api/v1/files/{row['id']}",
            )
            for row in rows
        ]
    )


@router.get("/files/{file_id}", summary="下载附件", response_class=Response)
def download(file_id: str, person: Person = Depends(caller), house: House = Depends(house_of)) -> Response:
    """The content, for those who may see what the file belongs to; 404 for everybody else."""
    return attachment(house, person, file_id)
