"""Verbs upon an instance: 撤回, 撤销, 终止, 作废, 跳转, 恢复办理, 抄送, 已阅, 关注; what each leads to."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Header
from pydantic import BaseModel, ConfigDict, Field

from api.errors import Trouble
from api.house import House, house_of
from api.inbox.instance_pages import seen_instance
from api.rest.addresses import group
from api.rest.effect_shapes import Effect, effect_shape
from api.security.session import caller
from engine.people.persons import Person
from engine.runtime.steps.rows import read_instance
from engine.runtime.steps.step import RUNNING, look_at
from engine.verbs import instance_door
from engine.verbs.refusals import NotAllowed
from engine.verbs.registry import INSTANCE_VERBS
from engine.verbs.tokens.ending import of_the_office
from engine.verbs.tokens.jumping import movable
from engine.verbs.visit import Request as VerbRequest
from engine.work import copies

router: APIRouter = group("流程实例 instances")


class InstanceVerb(BaseModel):
    """A verb that the caller may do with the instance now; `reason`: whether one must be given."""

    key: str
    name: str
    reason: bool


class Landing(BaseModel):
    """Where a token may be put; `whole_block`: the parallel block around it is opened again as a whole."""

    element: str
    name: str
    forward: bool
    whole_block: bool


class Movable(BaseModel):
    """A token that may be moved (跳转): where it stands, and where it may go."""

    token: str
    element: str
    name: str
    landings: list[Landing]


class CopyOf(BaseModel):
    """To whom the instance was copied (抄送), by whom, and when they first opened it (已阅)."""

    person_id: str
    name: str
    by: str
    copied_at: datetime
    read_at: datetime | None


class UponInstance(BaseModel):
    """What is sent with a verb upon an instance.

    `target`: the step to go to (跳转, 恢复办理), or the item whose submission is taken back (撤回). `token`:
    which token is moved, where several can go there. `people`: ids of those who get a copy. `version`: the
    instance's that the caller has seen; 409 when it has moved on since. 0 asks nothing.
    """

    reason: str = Field(default="", max_length=8000)
    target: str = Field(default="", max_length=200)
    token: str = Field(default="", max_length=200)
    people: list[str] = Field(default=[], max_length=50)
    version: int = Field(default=0, ge=0)

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"reason": "年度任务取消"},
                {"reason": "口径有变", "target": "fill_targets"},
                {"people": ["0190f3c2-0000-7000-8000-000000000001"], "reason": "供参考"},
            ]
        },
    )

    def as_request(self, *, idempotency_key: str = "") -> VerbRequest:
        """The fields as the door takes them."""
        return VerbRequest(
            opinion=self.reason,
            target=self.target,
            token=self.token,
            people=tuple(self.people),
            version=self.version,
            idempotency_key=idempotency_key,
        )


class DoneUpon(BaseModel):
    """How the instance stands now, and what became of it in a sentence."""

    id: str
    verb: str
    status: str
    message: str


@router.get("/instances/{instance_id}/verbs", summary="现在可以对一个流程做什么")
def list_verbs(
    instance_id: str, person: Person = Depends(caller), house: House = Depends(house_of)
) -> list[InstanceVerb]:
    """The verbs that the caller may do with it now."""
    found = instance_door.possible_upon(house.engine, person, instance_id)
    return [InstanceVerb(key=one.key, name=one.name, reason=one.reason) for one in found]


@router.get("/instances/{instance_id}/tokens", summary="跳转： 哪些令牌可以移动，移到哪里")
def list_tokens(
    instance_id: str, person: Person = Depends(caller), house: House = Depends(house_of)
) -> list[Movable]:
    """For the office: the tokens of a running instance, each with the steps to which it may be moved."""
    with house.database.read() as connection:
        seen_instance(connection, person, instance_id)
        row = read_instance(connection, instance_id)
        if not of_the_office(person, row):
            raise NotAllowed("您可以查看办理过程，但“跳转”由考评办办理。")
        step = look_at(house.engine.setup, connection, row)
        return [
            Movable(
                token=one.token,
                element=one.element_id,
                name=one.name,
                landings=[
                    Landing(
                        element=land.element_id,
                        name=land.name,
                        forward=land.forward,
                        whole_block=land.whole_block,
                    )
                    for land in one.landings
                ],
            )
            for one in (movable(step) if row.status == RUNNING else [])
        ]


@router.get("/instances/{instance_id}/copies", summary="抄送给了谁，是否已阅")
def list_copies(
    instance_id: str, person: Person = Depends(caller), house: House = Depends(house_of)
) -> list[CopyOf]:
    """To whom the instance was copied, in order."""
    with house.database.read() as connection:
        seen_instance(connection, person, instance_id)
        return [
            CopyOf(
                person_id=row["person_id"],
                name=row["name"] or "",
                by=row["from_name"],
                copied_at=row["copied_at"],
                read_at=row["read_at"],
            )
            for row in copies.copies_of(connection, instance_id)
        ]


@router.post(
    "/instances/{instance_id}/{verb}/preview", summary="先看结果： 谁的待办关闭、谁收到什么、流程到哪里"
)
def preview(
    instance_id: str,
    verb: str,
    sent: UponInstance,
    person: Person = Depends(caller),
    house: House = Depends(house_of),
) -> Effect:
    """What the same call without `preview` would do; nothing changes, and a reason may still be missing."""
    _check_known(verb)
    asked = sent.as_request()
    return effect_shape(instance_door.preview_upon(house.engine, person, instance_id, verb, asked))


@router.post(
    "/instances/{instance_id}/{verb}", summary="对一个流程： take_back, terminate, copy_to, follow …"
)
def act_upon(
    instance_id: str,
    verb: str,
    sent: UponInstance,
    idempotency_key: Annotated[
        str, Header(max_length=200, description="同一请求重发时给同样的键，不会重复办理")
    ] = "",
    person: Person = Depends(caller),
    house: House = Depends(house_of),
) -> DoneUpon:
    """Do a verb. 403 when it is not the caller's or cannot be done now (`hint` says what can)."""
    _check_known(verb)
    asked = sent.as_request(idempotency_key=idempotency_key)
    done = instance_door.act_upon(house.engine, person, instance_id, verb, asked)
    return DoneUpon(id=done.instance_id, verb=done.verb, status=done.status, message=done.message)


def _check_known(verb: str) -> None:
    if verb not in INSTANCE_VERBS:
        raise Trouble(404, "unknown_verb", f"没有“{verb}”这个办理方式。")
