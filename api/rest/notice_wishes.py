"""通知设置 and 投递记录."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from api.errors import Trouble
from api.house import House, house_of
from api.notices.channels import outlets, try_out
from api.notices.delivery_pages import seen_deliveries
from api.notices.wishing import confirm, forget, keep_wishes, own_wishes, want
from api.rest import notice_shapes as shapes
from api.rest.addresses import group
from api.rest.shapes import Listed
from api.security.session import caller
from api.shell import can
from engine.ids import is_id
from engine.people.persons import Person
from engine.runtime.notices.deliveries import Wanted
from engine.runtime.notices.kinds import KINDS
from engine.runtime.notices.rules import Habit
from engine.runtime.notices.todos import open_todos

router: APIRouter = group("通知 notices")


@router.get("/me/notice-settings", summary="我的通知设置")
def show_wishes(person: Person = Depends(caller), house: House = Depends(house_of)) -> shapes.WishesSeen:
    """What holds for the caller, kind by kind and channel by channel."""
    own, rules = own_wishes(house, person), house.engine.setup.notices
    return shapes.WishesSeen(
        ways=[
            shapes.NoticeWay(
                channel=way.channel.key,
                name=way.channel.name,
                reaches=way.reaches,
                own=way.channel.own,
                verified=bool(way.own and way.own.verified),
                waiting_for_code=bool(way.own and way.own.wanted),
            )
            for way in own.ways
        ],
        wishes=[
            shapes.WishChosen(
                kind=kind,
                channel=way.channel.key,
                how=own.wishes.how(kind, way.channel.key, rules),
                chosen=(kind, way.channel.key) in own.wishes.chosen,
            )
            for kind in KINDS
            for way in own.ways
        ],
        habit=shapes.WishHabit(**own.wishes.habit.__dict__),
    )


@router.put("/me/notice-settings", summary="改我的通知设置")
def choose(
    sent: shapes.WishesSent, person: Person = Depends(caller), house: House = Depends(house_of)
) -> shapes.WishesSeen:
    """In place of all that was chosen before; what is not named is as usual."""
    chosen: dict[tuple[str, str], str] = {
        (one.kind, one.channel): one.how for one in sent.wishes if one.chosen
    }
    keep_wishes(house, person, chosen, Habit(**sent.habit.model_dump()) if sent.habit else None)
    return show_wishes(person, house)


@router.post("/me/notice-addresses/{channel}", summary="填自己的地址，发验证码", status_code=204)
def want_address(
    channel: str,
    sent: shapes.AddressSent,
    person: Person = Depends(caller),
    house: House = Depends(house_of),
) -> Response:
    """A code goes to the address; `confirm` takes it."""
    want(house, person, channel, sent.address)
    return Response(status_code=204)


@router.post("/me/notice-addresses/{channel}/confirm", summary="填验证码", status_code=204)
def confirm_address(
    channel: str, sent: shapes.CodeSent, person: Person = Depends(caller), house: House = Depends(house_of)
) -> Response:
    """From now on notices go there."""
    confirm(house, person, channel, sent.code)
    return Response(status_code=204)


@router.delete("/me/notice-addresses/{channel}", summary="删除自己的地址", status_code=204)
def forget_address(
    channel: str, person: Person = Depends(caller), house: House = Depends(house_of)
) -> Response:
    """Mail goes to the account's address again."""
    forget(house, person, channel)
    return Response(status_code=204)


@router.get("/notice-deliveries", summary="投递记录，新的在前")
def list_deliveries(
    channel: Annotated[str, Query(max_length=80)] = "",
    login: Annotated[str, Query(max_length=60)] = "",
    open: Annotated[bool, Query(description="只要还没有发出的")] = False,
    after: Annotated[str, Query(max_length=36, description="上一页的 next")] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    person: Person = Depends(caller),
    house: House = Depends(house_of),
) -> Listed[shapes.DeliverySeen]:
    """To the people whom the caller administers; never what a notice says."""
    if after and not is_id(after):
        raise Trouble(422, "bad_cursor", "after 不是本列表给出的游标。")
    found, following = seen_deliveries(house, person, Wanted(channel, login, open), after=after, limit=limit)
    return Listed[shapes.DeliverySeen](
        items=[
            shapes.DeliverySeen(
                id=one.id,
                kind=one.kind,
                channel=one.channel,
                how=one.how,
                person=one.person_name,
                login=one.login,
                recipient=one.recipient,
                state=one.state,
                due_at=one.due_at,
                sent_at=one.sent_at,
                attempts=one.attempts,
                last_error=one.last_error,
            )
            for one in found
        ],
        next=following or None,
    )


@router.get("/notice-channels", summary="通知渠道，没有设置的也在内")
def list_channels(
    person: Person = Depends(caller), house: House = Depends(house_of)
) -> Listed[shapes.OutletSeen]:
    """Every way out of the house: when it last took a letter, when and why it last did not; no secrets."""
    return Listed[shapes.OutletSeen](
        items=[
            shapes.OutletSeen(
                key=one.key,
                name=one.name,
                kind=one.kind,
                where=one.where,
                failing=one.failing,
                sent_at=one.state.sent_at,
                failed_at=one.state.failed_at,
                last_error=one.state.last_error,
            )
            for one in outlets(house, person)
        ],
        next=None,
    )


@router.post("/notice-channels/test", summary="用一个渠道给自己发测试", status_code=202)
def try_channel(
    sent: shapes.OutletTried, person: Person = Depends(caller), house: House = Depends(house_of)
) -> Response:
    """A test to the caller, sent in the background; a webhook gets the event `test`."""
    try_out(house, person, sent.key)
    return Response(status_code=202)


@router.get("/todos", summary="外部待办中心现在应该显示的")
def list_todos(
    after: Annotated[str, Query(max_length=36, description="上一页的 next")] = "",
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    person: Person = Depends(caller),
    house: House = Depends(house_of),
) -> Listed[shapes.TodoSeen]:
    """Open entries of the assessors whose data the caller may export, as they were pushed last."""
    if after and not is_id(after):
        raise Trouble(422, "bad_cursor", "after 不是本列表给出的游标。")
    if not can(person, "export"):
        raise Trouble(403, "not_allowed")
    with house.database.read() as connection:
        found = open_todos(connection, person, after=after, limit=limit + 1)
    items = [
        shapes.TodoSeen.model_validate(
            {**one.content, "id": one.item_id, "version": one.version, "changed_at": one.changed_at}
        )
        for one in found[:limit]
    ]
    return Listed[shapes.TodoSeen](items=items, next=items[-1].id if len(found) > limit else None)
