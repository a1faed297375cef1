"""Lists of work, how many there are, and saved filters."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request

from api.errors import Trouble
from api.house import House, house_of
from api.inbox.asked import OPEN, Asked, asked_of
from api.inbox.lines import READERS, standing
from api.naming import Naming
from api.rest import list_shapes as shapes
from api.rest.addresses import group
from api.rest.shapes import Listed
from api.security.session import caller
from engine.people.persons import Person
from engine.work import inbox
from engine.work.inbox import BadCursor, InboxRow, PastRow
from engine.work.saved_filters import (
    Filter,
    FilterRefused,
    Sharing,
    delete_filter,
    filters_of,
    save_filter,
)

router: APIRouter = group("待办 work items")


@router.get("/work-items", summary="待办、待认领、已办、我发起、抄送我、关注")
def list_items(
    request: Request,
    tab: shapes.Tab = "mine",
    search: Annotated[str, Query(max_length=60, description="单位、事项或拼音，几个词用空格隔开")] = "",
    process: Annotated[str, Query(max_length=200, description="只看这个流程")] = "",
    unit: Annotated[str, Query(max_length=36, description="只看关于这个单位的")] = "",
    year: Annotated[str, Query(max_length=4, description="只看这个年度")] = "",
    due: Annotated[str, Query(max_length=10, description="late、today、week 或 none")] = "",
    returned: Annotated[str, Query(max_length=1, description="1： 只看被退回的")] = "",
    urged: Annotated[str, Query(max_length=1, description="1： 只看被催办的")] = "",
    unread: Annotated[str, Query(max_length=1, description="1： 只看未读的")] = "",
    sort: Annotated[str, Query(max_length=10, description="due、new、unit 或 process")] = "due",
    after: Annotated[str | None, Query(max_length=1500, description="上一页的 next")] = None,
    before: Annotated[str | None, Query(max_length=1500, description="下一页的 previous")] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    person: Person = Depends(caller),
    house: House = Depends(house_of),
) -> shapes.WorkList:
    """One list of work, a page at a time; the same parameters as the page's address."""
    asked = asked_of(dict(request.query_params), today=house.today)
    try:
        with house.database.read() as connection:
            naming = Naming(house.engine.definitions, connection)
            place = {"after": after, "before": before}
            if asked.tab in OPEN:
                find = inbox.mine if asked.tab == "mine" else inbox.claimable
                open_ = find(connection, person, asked.wanted, limit=limit, **place)
                rows = [_item(row, naming) for row in open_.items]
                return shapes.WorkList(items=rows, next=open_.next, previous=open_.previous)
            past = READERS[asked.tab](connection, person, asked.wanted, limit=limit, **place)
            shown = past.items if asked.tab in ("started", "following") else []
            now = standing(connection, naming, shown)
            return shapes.WorkList(
                items=[_past(row, asked, naming, now) for row in past.items],
                next=past.next,
                previous=past.previous,
                partial=past.partial,
            )
    except BadCursor:
        raise Trouble(422, "bad_cursor", "after 或 before 不是本列表给出的游标。") from None


@router.get("/work-items/counts", summary="各有多少项")
def count_items(person: Person = Depends(caller), house: House = Depends(house_of)) -> shapes.Counts:
    """How many are open, and how many copies are unread; counted up to `most`."""
    with house.database.read() as connection:
        return shapes.Counts(**inbox.counts(connection, person), most=inbox.MOST_COUNTED)


@router.get("/work-filters", summary="保存的筛选")
def list_filters(
    person: Person = Depends(caller), house: House = Depends(house_of)
) -> Listed[shapes.SavedFilter]:
    """The caller's own filters, then those that others share with the caller."""
    with house.database.read() as connection:
        return Listed[shapes.SavedFilter](items=[_filter(one) for one in filters_of(connection, person)])


@router.post("/work-filters", summary="保存筛选", status_code=201)
def keep_filter(
    sent: shapes.NewFilter, person: Person = Depends(caller), house: House = Depends(house_of)
) -> shapes.Saved:
    """Save a filter; parameters that the list does not know are left out. 422 where it cannot be saved."""
    asked = asked_of({**sent.asked, "tab": sent.tab}, today=house.today)
    try:
        with house.database.write() as connection:
            kept = save_filter(
                connection,
                person,
                name=sent.name,
                tab=asked.tab,
                asked=asked.parameters,
                is_default=sent.default,
                sharing=Sharing(sent.unit_id, sent.post) if sent.unit_id else None,
                at=house.engine.clock.now(),
            )
    except FilterRefused as refused:
        raise Trouble(422, refused.code, refused.message) from None
    return shapes.Saved(id=kept)


@router.delete("/work-filters/{filter_id}", summary="删除筛选", status_code=204)
def forget_filter(filter_id: str, person: Person = Depends(caller), house: House = Depends(house_of)) -> None:
    """Delete one of the caller's own filters, also for those it was shared with. 404 for any other."""
    with house.database.write() as connection:
        if not delete_filter(connection, person, filter_id):
            raise Trouble(404, "not_found")


def _item(row: InboxRow, naming: Naming) -> shapes.WorkItem:
    version = row.definition_version_id
    return shapes.WorkItem(
        id=row.item_id,
        title=naming.title(version, year=row.year, subject=row.subject_name, matter=row.matter),
        step=naming.step(version, row.element_id),
        year=row.year,
        process=row.process_key,
        element=row.element_id,
        instance_id=row.instance_id,
        subject=row.subject_name,
        matter=row.matter,
        round=row.round,
        sender=row.from_name,
        returned_from=row.returned_from,
        due_on=row.due_on,
        priority=row.priority,
        unread=row.opened_at is None,
        urged_at=row.urged_at,
        claim_first=row.claim_first,
        assignee_id=row.assignee_id,
        standing_for=row.standing_for,
        created_at=row.created_at,
        received_at=row.received_at,
        version=row.lock_version,
    )


def _past(row: PastRow, asked: Asked, naming: Naming, now: Mapping[str, list[str]]) -> shapes.PastWork:
    version = row.definition_version_id
    return shapes.PastWork(
        id=row.item_id,
        instance_id=row.instance_id,
        title=naming.title(version, year=row.year, subject=row.subject_name, matter=row.matter),
        step=naming.step(version, row.element_id) if row.element_id and asked.tab == "done" else "",
        verb=row.verb,
        outcome=row.outcome,
        status=row.status,
        steps=now.get(row.instance_id, []),
        sender=row.from_name,
        text=row.text,
        unread=row.unread,
        at=row.happened_at,
    )


def _filter(one: Filter) -> shapes.SavedFilter:
    return shapes.SavedFilter(
        id=one.id,
        name=one.name,
        tab=one.tab,
        asked=dict(one.asked),
        default=one.is_default,
        unit_id=one.sharing.unit_id if one.sharing else None,
        post=one.sharing.post_key if one.sharing else None,
        shared_by=one.owner_name,
    )
