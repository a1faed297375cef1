"""通知: what the caller should know."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from api.errors import Trouble
from api.house import House, house_of
from api.inbox.notice_lines import notice_line
from api.inbox.notice_pages import read_by
from api.naming import Naming
from api.rest import shapes
from api.rest.addresses import group
from api.security.session import caller
from api.shell import home_of
from engine.ids import is_id
from engine.people.persons import Person
from engine.work.notices import notices_of, unread

router: APIRouter = group("通知 notices")


@router.get("/notices", summary="通知，新的在前")
def list_notices(
    after: Annotated[str, Query(max_length=36, description="上一页的 next")] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    person: Person = Depends(caller),
    house: House = Depends(house_of),
) -> shapes.Listed[shapes.Notice]:
    """Notices to the caller and to the posts that the caller holds."""
    if after and not is_id(after):
        raise Trouble(422, "bad_cursor", "after 不是本列表给出的游标。")
    with house.database.read() as connection:
        naming, home = Naming(house.engine.definitions, connection), home_of(person)
        rows = notices_of(connection, person, before=after, limit=limit + 1)
        lines = [(row, notice_line(row, naming, home=home)) for row in rows[:limit]]
    return shapes.Listed[shapes.Notice](
        items=[
            shapes.Notice(
                id=row["id"],
                kind=row["kind"],
                sentence=line.sentence,
                item_id=row["item_id"],
                instance_id=row["instance_id"],
                at=line.at,
                unread=line.unread,
            )
            for row, line in lines
        ],
        next=lines[-1][0]["id"] if len(rows) > limit else None,
    )


@router.get("/notices/unread", summary="有几条没有读")
def count_unread(person: Person = Depends(caller), house: House = Depends(house_of)) -> shapes.Count:
    """How many notices the caller has not read."""
    with house.database.read() as connection:
        return shapes.Count(count=unread(connection, person))


@router.post("/notices/read", summary="全部标为已读")
def read_all(person: Person = Depends(caller), house: House = Depends(house_of)) -> shapes.Count:
    """Mark all notices read; how many there were."""
    return shapes.Count(count=read_by(house, person))
