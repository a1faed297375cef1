"""What programs do in a survey: prepare it, open and close the window, clean the file, count."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import insert, select

from engine.ids import new_id
from engine.store.writing import insert_row
from engine.work.bindings import Service, ServiceCall, Value
from processes.cycle.reading import scheme_of as content_of
from processes.data.tables import rows_of
from processes.evaluation.ballots.boxes import open_box
from processes.evaluation.ballots.closing import close_box
from processes.evaluation.ballots.scrubbing import require_scrubbed
from processes.evaluation.survey.reading import (
    ASKED_UNITS,
    CYCLES,
    LAYERS,
    SURVEYS,
    UNITS,
    mark_survey,
    survey_of,
)
from processes.evaluation.survey.tally import record_scores, tally


def prepare(call: ServiceCall) -> dict[str, Value]:
    """准备调查: a survey with what the profile says about levels, classes, layers and the window.

    Variables: `surveyMode` (annual, item), `surveyTitle`, `surveyQuestion`, `surveyUnits` ([{id}]); all may
    be missing: then it is the year's survey about every assessed unit.
    """
    given = call.variables
    profile = content_of(call.connection, call.cycle_id)
    year = call.connection.execute(select(CYCLES.c.year).where(CYCLES.c.id == call.cycle_id)).scalar_one()
    mode = str(given.get("surveyMode") or "annual")
    said = profile["survey"]
    opens, closes = _window(call, profile, year=int(year), mode=mode)
    survey_id = new_id()
    insert_row(
        call.connection,
        SURVEYS,
        id=survey_id,
        cycle_id=call.cycle_id,
        box_id=open_box(call.connection, cycle_id=call.cycle_id, kind="survey"),
        mode=mode,
        title=str(given.get("surveyTitle") or f"{year} 年度社会评价满意度调查"),
        introduction="",
        question=str(given.get("surveyQuestion") or said["question"]),
        levels=list(said["levels"]),
        unknown=str(said["unknown"]),
        opens_on=opens,
        closes_on=closes,
        state="design",
        missing_sheets=0,
        instance_id=call.instance_id,
        created_at=call.at,
    )
    _units(call, survey_id, said["classes"])
    _layers(call, survey_id, str(said["layers"]["value"]))
    return {"surveyId": survey_id, "surveyMode": mode, "reviewDays": said["reviewWorkingDays"]["value"]}


def _window(call: ServiceCall, profile: Mapping[str, Any], *, year: int, mode: str) -> tuple[date, date]:
    """The profile's window for the year's survey; a month from today for a single matter, or when late."""
    opens, closes = (_day(year, profile["survey"][name]["value"]) for name in ("opens", "closes"))
    if mode == "annual" and call.today <= closes:
        return max(opens, call.today), closes
    return call.today, date.fromordinal(call.today.toordinal() + (closes - opens).days)


def _day(year: int, text: str) -> date:
    month, day = text.split("-")
    return date(year, int(month), int(day))


def _units(call: ServiceCall, survey_id: str, classes: Mapping[str, Mapping[str, Any]]) -> None:
    wanted = call.variables.get("surveyUnits")
    query = select(UNITS.c.id, UNITS.c.service_class).order_by(UNITS.c.code)
    if isinstance(wanted, list):
        query = query.where(UNITS.c.id.in_([str(one["id"]) for one in wanted]))
    else:
        assessor = select(CYCLES.c.assessor_id).where(CYCLES.c.id == call.cycle_id).scalar_subquery()
        query = query.where(UNITS.c.assessor_id == assessor, UNITS.c.assessed.is_(True))
    class_of = {name: key for key, rule in classes.items() for name in rule["of"]}
    last = list(classes)[-1]
    rows = [
        {
            "id": new_id(),
            "survey_id": survey_id,
            "unit_id": row.id,
            "class_key": class_of.get(row.service_class, last),
            "included": True,
        }
        for row in call.connection.execute(query)
    ]
    if rows:
        call.connection.execute(insert(ASKED_UNITS), rows)


def _layers(call: ServiceCall, survey_id: str, table: str) -> None:
    rows = [
        {
            "id": new_id(),
            "survey_id": survey_id,
            "number": int(row["number"]),
            "name": row["name"],
            "sampling": row["sampling"],
            "weight": Decimal(row["weight"]),
            "quota": int(row["quota"]),
        }
        for row in rows_of(table)
    ]
    call.connection.execute(insert(LAYERS), rows)


def open_window(call: ServiceCall) -> dict[str, Value]:
    """开始接收答卷."""
    mark_survey(call.connection, str(call.variables["surveyId"]), state="open")
    return {}


def close_window(call: ServiceCall) -> dict[str, Value]:
    """停止接收: the box is closed, every row written anew in shuffled order."""
    survey = survey_of(call.connection, str(call.variables["surveyId"]))
    close_box(call.connection, survey["box_id"], at=call.at)
    mark_survey(call.connection, survey["id"], state="closed")
    return {}


def clean_file(call: ServiceCall) -> dict[str, Value]:
    """清除痕迹: nothing of the time before the closing is left in the file. Tried again until it is so."""
    survey = survey_of(call.connection, str(call.variables["surveyId"]))
    require_scrubbed(call.connection, survey["box_id"])
    return {}


SERVICES: dict[str, Service] = {
    "survey.prepare": prepare,
    "survey.open_window": open_window,
    "survey.close_window": close_window,
    "survey.clean_file": clean_file,
    "survey.tally": tally,
    "survey.record_scores": record_scores,
}
