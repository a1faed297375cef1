"""Units and their names as REST calls send and receive them."""

from collections.abc import Mapping
from datetime import date

from pydantic import BaseModel, ConfigDict, Field

from engine.people.kinds import KIND_NAMES, TIER_NAMES


def _choices(names: Mapping[str, str]) -> str:
    return "、".join(f"{key}（{name}）" for key, name in names.items())


class Unit(BaseModel):
    """An assessed or assessing body, or a division (处室) of one (`kind` "division")."""

    id: str
    code: str
    name: str
    short_name: str
    kind: str
    tier: str
    group: str
    parent_id: str | None
    assessor_id: str
    assessed: bool
    valid_until_on: date | None


class Alias(BaseModel):
    """A name by which the unit is found; `kind` "name", "short", "former" or "other"."""

    id: str
    alias: str
    kind: str


class Member(BaseModel):
    """Who sits in the unit today, and on which post."""

    id: str
    name: str
    login: str
    post: str


class UnitDetail(Unit):
    """One unit with its names and people."""

    aliases: list[Alias]
    people: list[Member]


class NewUnit(BaseModel):
    """A unit to be added under another one; its assessor is that of the unit above it."""

    code: str = Field(min_length=1, max_length=40)
    name: str = Field(min_length=1, max_length=200)
    kind: str = Field(max_length=30, description=_choices(KIND_NAMES))
    tier: str = Field(default="city", max_length=30, description=_choices(TIER_NAMES))
    short_name: str = Field(default="", max_length=100)
    parent_id: str | None = Field(default=None, max_length=36)
    assessed: bool = False
    aliases: list[str] = Field(default=[], max_length=50)

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "code": "U90",
                "name": "市大数据局",
                "kind": "municipal",
                "tier": "city",
                "parent_id": "01a2…",
                "assessed": True,
            }
        },
    )


class UnitChange(BaseModel):
    """What is to be changed; what is left out stays. A former name still finds the unit."""

    name: str | None = Field(default=None, min_length=1, max_length=200)
    short_name: str | None = Field(default=None, max_length=100)
    parent_id: str | None = Field(default=None, max_length=36)

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"name": "市文旅局"}})


class NewAlias(BaseModel):
    """One more name by which the unit is found."""

    alias: str = Field(min_length=1, max_length=200)

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"alias": "旅委"}})


class DivisionSeat(BaseModel):
    """Somebody on a division's post; `id` is the appointment's."""

    id: str
    user_id: str
    name: str


class Division(BaseModel):
    """A division (处室) of a unit: `name` is its own (水处), `full_name` with the unit's."""

    id: str
    code: str
    name: str
    full_name: str
    note: str
    valid_until_on: date | None
    people: list[DivisionSeat]


class DivisionName(BaseModel):
    """The division's own name, without the unit's."""

    name: str = Field(min_length=1, max_length=200)

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"name": "水处"}})


class DivisionMember(BaseModel):
    """Who is put into a division."""

    user_id: str = Field(max_length=36)

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"user_id": "01a2…"}})
