"""Surveys and ballots as REST calls send and receive them. Codes and answers stand in bodies only."""

from datetime import date
from decimal import Decimal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

_CODE: JsonDict = {"example": {"code": "K7MW-2HTP-9QXA-RD4C"}}


class Code(BaseModel):
    """A one-time code."""

    code: str = Field(min_length=1, max_length=40)

    model_config = ConfigDict(extra="forbid", json_schema_extra=_CODE)


class LevelShape(BaseModel):
    """An answer that can be chosen; `unknown` is 不了解."""

    mark: str
    label: str


class AskedUnit(BaseModel):
    """A unit on the questionnaire."""

    id: str
    name: str
    group: str


class Sheet(BaseModel):
    """A questionnaire, and the secret of this sheet: send it back with the answers."""

    title: str
    introduction: str
    question: str
    closes_on: date
    levels: list[LevelShape]
    units: list[AskedUnit]
    sheet: str


class Opinion(BaseModel):
    """Words, about one unit or about all; kept apart from the answers."""

    text: str = Field(min_length=1, max_length=500)
    unit_id: str = Field(default="", max_length=36)


class Answers(BaseModel):
    """A filled-in sheet: unit → level. The same sheet sent again changes nothing."""

    code: str = Field(min_length=1, max_length=40)
    sheet: str = Field(min_length=22, max_length=64)
    answers: dict[str, str] = Field(default={}, max_length=500)
    opinions: list[Opinion] = Field(default=[], max_length=5)

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "code": "K7MW-2HTP-9QXA-RD4C",
                "sheet": "the-secret-that-came-with-the-sheet",
                "answers": {"0197a000-0000-7000-8000-000000000001": "2"},
                "opinions": [{"text": "办事窗口午休时间也应有人。"}],
            }
        },
    )


class SurveyLine(BaseModel):
    """A survey of a year."""

    id: str
    title: str
    mode: str
    opens_on: date
    closes_on: date
    state: str


class Layer(BaseModel):
    """A layer and its return."""

    number: int
    name: str
    sampling: str
    weight: str
    quota: int
    issued: int
    spent: int
    percent: str


class Result(BaseModel):
    """What a unit reached in a layer (0: in all). Not `shown`: a group of fewer than five, without values."""

    layer: int
    shown: bool
    counts: list[int] | None
    unknown: int | None
    rate: Decimal | None
    score: Decimal | None
    passed: bool | None


class UnitResults(BaseModel):
    """A unit's results."""

    id: str
    name: str
    class_key: str
    results: list[Result]


class SurveyShape(SurveyLine):
    """A survey with return and results."""

    question: str
    levels: list[str]
    layers: list[Layer]
    units: list[UnitResults]


class CodeOrder(BaseModel):
    """How many codes for which layer."""

    layer: int = Field(ge=1)
    many: int = Field(ge=1, le=1000)

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"layer": 1, "many": 20}})


class Codes(BaseModel):
    """New codes. This answer is the only place where they ever stand."""

    codes: list[str]


class BallotUnit(BaseModel):
    """A unit to score; `alone`: nobody else scores it, so that the mark is confidential, not secret."""

    id: str
    name: str
    alone: bool


class Paper(BaseModel):
    """A leader's own ballot paper. `cast`: it has been cast; nothing more is known of it."""

    year: int
    units: list[BallotUnit]
    full: Decimal
    closes_on: date
    over: bool
    cast: bool
    sheet: str


class Marks(BaseModel):
    """A ballot: unit → mark or `unknown`."""

    sheet: str = Field(min_length=22, max_length=64)
    marks: dict[str, str] = Field(default={}, max_length=500)

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "sheet": "the-secret-that-came-with-the-sheet",
                "marks": {"0197a000-0000-7000-8000-000000000001": "4"},
            }
        },
    )
