"""What every part of the survey reads: the survey, its units, its layers."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, select, update

from engine.people.tables import Unit
from processes.cycle.records import Cycle, ProfileVersion
from processes.evaluation.survey.records import Survey, SurveyLayer, SurveyResult, SurveyUnit
from processes.tables import table_of

SURVEYS = table_of(Survey)
ASKED_UNITS = table_of(SurveyUnit)
LAYERS = table_of(SurveyLayer)
RESULTS = table_of(SurveyResult)
UNITS = table_of(Unit)
CYCLES = table_of(Cycle)
PROFILES = table_of(ProfileVersion)


def survey_of(connection: Connection, survey_id: str) -> Mapping[str, Any]:
    """The survey's row. Raises LookupError when there is none."""
    row = connection.execute(select(SURVEYS).where(SURVEYS.c.id == survey_id)).mappings().one_or_none()
    if row is None:
        raise LookupError(f"no survey {survey_id}")
    return dict(row)


def layers_of(connection: Connection, survey_id: str) -> list[dict[str, Any]]:
    """The layers by number."""
    query = select(LAYERS).where(LAYERS.c.survey_id == survey_id).order_by(LAYERS.c.number)
    return [dict(row) for row in connection.execute(query).mappings()]


def asked_units(connection: Connection, survey_id: str, *, all_of_them: bool = False) -> list[dict[str, Any]]:
    """The units that are asked about, by class and code: {unit_id, name, code, class_key, included}."""
    query = (
        select(ASKED_UNITS, UNITS.c.name, UNITS.c.code)
        .join(UNITS, UNITS.c.id == ASKED_UNITS.c.unit_id)
        .where(ASKED_UNITS.c.survey_id == survey_id)
        .order_by(ASKED_UNITS.c.class_key, UNITS.c.code)
    )
    if not all_of_them:
        query = query.where(ASKED_UNITS.c.included.is_(True))
    return [dict(row) for row in connection.execute(query).mappings()]


def results_of(connection: Connection, survey_id: str) -> dict[str, dict[int, dict[str, Any]]]:
    """unit → layer → result."""
    found: dict[str, dict[int, dict[str, Any]]] = {}
    for row in connection.execute(select(RESULTS).where(RESULTS.c.survey_id == survey_id)).mappings():
        found.setdefault(row["unit_id"], {})[row["layer"]] = dict(row)
    return found


def mark_survey(connection: Connection, survey_id: str, **values: Any) -> None:
    """Change columns of a survey."""
    connection.execute(update(SURVEYS).where(SURVEYS.c.id == survey_id).values(**values))
