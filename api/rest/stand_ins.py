"""代理: the caller's own stand-ins."""

from datetime import date

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, ConfigDict, Field

from api.errors import Trouble
from api.house import House, house_of
from api.people.absences import Absence, begin, end
from api.rest import shapes
from api.rest.addresses import group
from api.security.session import by_token, caller
from engine.people.persons import Person
from engine.people.stand_ins import rules_of

router: APIRouter = group("本人 me")


class StandIn(BaseModel):
    """Who stands in for the caller, from when until when; `posts`, `processes` empty: for all of them."""

    id: str
    stand_in_id: str
    stand_in_name: str
    from_on: date
    until_on: date
    posts: list[str]
    processes: list[str]


class NewStandIn(BaseModel):
    """Who shall stand in; `post` is one of the caller's posts as `<unit id>#<post key>`, empty for all.

    `processes` are keys of processes, empty for all.
    """

    stand_in_id: str = Field(min_length=1, max_length=36)
    from_on: date
    until_on: date
    post: str = Field(default="", max_length=120)
    processes: list[str] = Field(default=[], max_length=200)

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {"stand_in_id": "01a2…", "from_on": "2018-05-02", "until_on": "2018-05-11"}
        },
    )


@router.get("/me/stand-ins", summary="我的代理人")
def list_stand_ins(
    person: Person = Depends(caller), house: House = Depends(house_of)
) -> shapes.Listed[StandIn]:
    """Every rule, the newest first; those that are over too."""
    with house.database.read() as connection:
        found = rules_of(connection, person.id)
    return shapes.Listed[StandIn](items=[StandIn.model_validate(rule.__dict__) for rule in found])


@router.post("/me/stand-ins", summary="设代理人", status_code=201)
def name_stand_in(
    request: Request, sent: NewStandIn, person: Person = Depends(caller), house: House = Depends(house_of)
) -> StandIn:
    """Name one's own stand-in. A program with a token gives nobody's work away: 403."""
    _in_person(request)
    return StandIn.model_validate(begin(house, person, Absence(**sent.model_dump())).__dict__)


@router.post("/me/stand-ins/{rule_id}/end", summary="结束代理", status_code=204)
def end_own_stand_in(
    request: Request, rule_id: str, person: Person = Depends(caller), house: House = Depends(house_of)
) -> None:
    """Take one's own rule back at once."""
    _in_person(request)
    end(house, person, rule_id)


def _in_person(request: Request) -> None:
    if by_token(request):
        raise Trouble(403, "not_allowed", "令牌不能改代理人，请本人登录后再做。")
