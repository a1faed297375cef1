"""满意度调查 and 领导打分: the open part needs a code, the rest a post."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel

from api.errors import Trouble
from api.house import House, house_of
from api.office.balloting import cast_ballot, turn_of
from api.office.following import chosen_cycle
from api.office.surveys import cycles_of_surveys, find_survey, make_codes, surveys_in
from api.portal.survey_taking import STATUS, open_questionnaire, take_sheet
from api.rest import shapes
from api.rest import survey_shapes as told
from api.rest.addresses import group, open_group
from api.security.session import caller
from engine.people.persons import Person
from processes.evaluation.ballots.leader_voting import BallotRefused
from processes.evaluation.ballots.proofs import new_sheet
from processes.evaluation.survey.answering import SheetRefused

public_router: APIRouter = open_group("满意度调查 public survey")
router: APIRouter = group("满意度调查 surveys")


@public_router.post("/public/survey/questionnaire", summary="凭答题码取问卷")
def open_sheet(request: Request, sent: told.Code, house: House = Depends(house_of)) -> told.Sheet:
    """404 for a wrong code, 409 for one that is used or before and after the window, 429 after many."""
    try:
        asked = open_questionnaire(request, house, sent.code)
    except SheetRefused as refused:
        raise _trouble(refused) from None
    return told.Sheet(
        title=asked.year_title,
        introduction=asked.introduction,
        question=asked.question,
        closes_on=asked.closes_on,
        levels=[told.LevelShape(mark=level.mark, label=level.label) for level in asked.levels],
        units=[
            told.AskedUnit(id=unit, name=name, group=title)
            for title, units in asked.groups
            for unit, name in units
        ],
        sheet=new_sheet(),
    )


@public_router.post("/public/survey/answers", summary="交答卷", status_code=204)
def take_answers(request: Request, sent: told.Answers, house: House = Depends(house_of)) -> None:
    """The code is spent. The same sheet may be sent again and counts once."""
    opinions = [(opinion.unit_id, opinion.text) for opinion in sent.opinions]
    try:
        take_sheet(request, house, sent.code, secret=sent.sheet, marks=sent.answers, opinions=opinions)
    except SheetRefused as refused:
        raise _trouble(refused) from None


@router.get("/surveys", summary="一个年度的满意度调查")
def list_surveys(
    cycle: str = "", person: Person = Depends(caller), house: House = Depends(house_of)
) -> shapes.Listed[told.SurveyLine]:
    """The surveys of a year, the newest first; the newest year without `cycle`."""
    with house.database.read() as connection:
        chosen = chosen_cycle(cycles_of_surveys(connection, person), cycle)
        rows = surveys_in(connection, chosen["id"])
    return shapes.Listed[told.SurveyLine](
        items=[told.SurveyLine.model_validate(_named(row, told.SurveyLine)) for row in rows]
    )


@router.get("/surveys/{survey_id}", summary="一次调查：分层、回收率、各单位各层的结果")
def show_survey(
    survey_id: str, person: Person = Depends(caller), house: House = Depends(house_of)
) -> told.SurveyShape:
    """Groups of fewer than five are not shown."""
    with house.database.read() as connection:
        found = find_survey(connection, person, survey_id)
    return told.SurveyShape(
        **_named(found.survey, told.SurveyLine),
        question=found.survey["question"],
        levels=found.survey["levels"],
        layers=[told.Layer.model_validate(layer, from_attributes=True) for layer in found.layers],
        units=[
            told.UnitResults(
                id=unit["unit_id"],
                name=unit["name"],
                class_key=unit["class_key"],
                results=[
                    told.Result.model_validate(_named(row, told.Result))
                    for _, row in sorted(found.results.get(unit["unit_id"], {}).items())
                ],
            )
            for unit in found.units
        ],
    )


@router.post("/surveys/{survey_id}/codes", summary="生成答题码；只在这一次答复里", status_code=201)
def print_codes(
    survey_id: str,
    sent: told.CodeOrder,
    person: Person = Depends(caller),
    house: House = Depends(house_of),
) -> told.Codes:
    """Only digests are stored. 409 outside the time between approval and closing; 422 beyond the quota."""
    codes = make_codes(house, person, survey_id, layer=sent.layer, many=sent.many)
    return told.Codes(codes=codes)


@router.get("/ballots/{turn_id}", summary="领导本人的选票")
def show_ballot(
    turn_id: str, person: Person = Depends(caller), house: House = Depends(house_of)
) -> told.Paper:
    """404 for anybody else."""
    with house.database.read() as connection:
        turn = turn_of(house, connection, person, turn_id)
    return told.Paper(
        year=turn.year,
        units=[told.BallotUnit.model_validate(unit) for unit in turn.paper.units],
        full=turn.paper.full,
        closes_on=turn.paper.closes_on,
        over=turn.paper.over,
        cast=turn.paper.cast,
        sheet=new_sheet(),
    )


@router.post("/ballots/{turn_id}", summary="投票；待办只记“已投”", status_code=204)
def take_ballot(
    turn_id: str, sent: told.Marks, person: Person = Depends(caller), house: House = Depends(house_of)
) -> None:
    """The same sheet may be sent again and counts once; another one is 409."""
    try:
        cast_ballot(house, person, turn_id, secret=sent.sheet, marks=sent.marks)
    except BallotRefused as refused:
        status = 409 if refused.code in ("used", "closed") else 422
        raise Trouble(status, refused.code, str(refused), errors=_errors(refused)) from None


def _trouble(refused: SheetRefused) -> Trouble:
    return Trouble(STATUS.get(refused.code, 422), refused.code, str(refused), errors=_errors(refused))


def _errors(refused: SheetRefused | BallotRefused) -> list[dict[str, str]]:
    if not refused.field:
        return []
    return [{"field": refused.field, "code": refused.code, "message": str(refused)}]


def _named(row: Mapping[str, Any], shape: type[BaseModel]) -> dict[str, Any]:
    """What a shape takes of a row."""
    return {name: row[name] for name in shape.model_fields}
