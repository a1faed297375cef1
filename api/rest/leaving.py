"""离职转办: all open work of who leaves, who gets it, and what became of each task."""

from datetime import date, datetime

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field

from api.house import House, house_of
from api.rest.addresses import group
from api.security.session import caller
from engine.people.persons import Person
from engine.verbs.others import leaving

router: APIRouter = group("离职转办 leaving")


class LeavingItem(BaseModel):
    """One open task."""

    id: str
    process: str
    element: str
    subject: str
    matter: str
    due_on: date | None


class LeavingGroup(BaseModel):
    """Tasks that came the same way; `key` is the post's reference, or empty for what is personal."""

    key: str
    unit: str
    post: str
    can_go_back: bool
    items: list[LeavingItem]


class Leaver(BaseModel):
    """Who leaves and what lies with them; `rules` says how many rules of 代理 still name them."""

    id: str
    name: str
    groups: list[LeavingGroup]
    rules: int


class LeavingOrder(BaseModel):
    """Who gets what: group key -> a person's id, a post's reference, or `post` (back to its post)."""

    receivers: dict[str, str]
    reason: str = Field(default="", max_length=8000)
    end_rules: bool = False

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"example": {"receivers": {"": "人员编号"}, "reason": "离职", "end_rules": True}},
    )


class ForeseenItem(BaseModel):
    """What would become of one task, in sentences; or why it would be refused."""

    id: str
    sentences: list[str]
    refused: str


class Foreseen(BaseModel):
    """What the order would do; nothing is changed."""

    items: list[ForeseenItem]


class LeavingLine(BaseModel):
    """One task of an order: waiting, done, refused (and why)."""

    id: str
    target: str
    state: str
    said: str


class GivenOrder(BaseModel):
    """An order as far as it is carried out."""

    id: str
    leaver_id: str
    made_at: datetime
    waiting: int
    done: int
    refused: int
    lines: list[LeavingLine]


@router.get("/leaving/{user_id}", summary="一个离开的人名下没有办完的任务")
def show_leaver(user_id: str, person: Person = Depends(caller), house: House = Depends(house_of)) -> Leaver:
    """By the post from which they came; only the office sees it."""
    found = leaving.leaver(house.engine, person, user_id)
    return Leaver(
        id=found.id,
        name=found.name,
        rules=len(found.rules),
        groups=[
            LeavingGroup(
                key=one.key,
                unit=one.unit_name,
                post=one.post_name,
                can_go_back=one.claimed,
                items=[
                    LeavingItem(
                        id=item["id"],
                        process=item["process_key"],
                        element=item["element_id"],
                        subject=item["subject_name"],
                        matter=item["matter"],
                        due_on=item["due_on"],
                    )
                    for item in one.items
                ],
            )
            for one in found.groups
        ],
    )


@router.post("/leaving/{user_id}/preview", summary="先看离职转办的结果")
def foresee(
    user_id: str, sent: LeavingOrder, person: Person = Depends(caller), house: House = Depends(house_of)
) -> Foreseen:
    """What would become of each task; nothing is changed."""
    found = leaving.foresee(house.engine, person, user_id, sent.receivers)
    return Foreseen(
        items=[
            ForeseenItem(
                id=one.item["id"],
                sentences=list(one.effect.sentences) if one.effect else [],
                refused=one.refused,
            )
            for one in found
        ]
    )


@router.post("/leaving/{user_id}", summary="离职转办", status_code=201)
def give_order(
    user_id: str, sent: LeavingOrder, person: Person = Depends(caller), house: House = Depends(house_of)
) -> GivenOrder:
    """Give the order; jobs carry it out, `GET …/orders/{order_id}` says how far they are."""
    order = leaving.give_order(
        house.engine, person, user_id, sent.receivers, reason=sent.reason, end_rules=sent.end_rules
    )
    return _order(leaving.read_order(house.engine, person, order))


@router.get("/leaving/orders/{order_id}", summary="一次离职转办办到了哪里")
def show_order(
    order_id: str, person: Person = Depends(caller), house: House = Depends(house_of)
) -> GivenOrder:
    """For who gave it."""
    return _order(leaving.read_order(house.engine, person, order_id))


def _order(order: leaving.Order) -> GivenOrder:
    return GivenOrder(
        id=order.id,
        leaver_id=order.leaver_id,
        made_at=order.made_at,
        waiting=order.count("waiting"),
        done=order.count("done"),
        refused=order.count("refused"),
        lines=[
            LeavingLine(id=line["item_id"], target=line["target"], state=line["state"], said=line["said"])
            for line in order.lines
        ],
    )
