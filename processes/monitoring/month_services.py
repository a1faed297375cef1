"""What programs do in a month of monitoring: who reports, cards for the late, lights, performance cards."""

import calendar
from collections import Counter
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from engine.ids import new_id
from engine.store.prepared import rows_by
from engine.store.writing import insert_row
from engine.work.bindings import ServiceCall, Value, reads_only
from processes.monitoring.figures import data_of, figures_of, lights_of, newest
from processes.monitoring.judging import issue_of, judge, write_lights
from processes.monitoring.records import LateCard, MonthlyReport, PerformanceCard
from processes.monitoring.scheme import settings
from processes.planning.reading import MEASURES, TARGETS
from processes.planning.steps import UNITS, unit_of
from processes.planning.telling import tell
from processes.tables import table_of

REPORTS = table_of(MonthlyReport)
LATE_CARDS = table_of(LateCard)
CARDS = table_of(PerformanceCard)


@reads_only
def open_month(call: ServiceCall) -> dict[str, Value]:
    """确定报送单位: the units with figures in force, and the profile's deadlines.

    `unitCodes` among the variables limits the month to some units (a pilot).
    """
    year, month = (int(part) for part in str(call.inputs["period"]).split("-"))
    given = settings(call.connection, call.cycle_id)
    codes = call.variables.get("unitCodes")
    return {
        "units": _reporting(call, codes if isinstance(codes, list) else None),
        "monthEnd": date(year, month, calendar.monthrange(year, month)[1]),
        "reportDays": Decimal(given["reportWorkingDays"]),
        "redDays": Decimal(given["redWorkingDays"]),
        "closeDays": Decimal(given["closeWorkingDays"]),
        "explainDays": Decimal(given["explainWorkingDays"]),
        "bulletinDays": Decimal(given["bulletinWorkingDays"]),
        "signer": given["bulletinSigner"],
        "publicBulletin": given["publicBulletin"],
    }


def _reporting(call: ServiceCall, codes: list[Any] | None) -> list[dict[str, Value]]:
    query = (
        select(UNITS.c.id, UNITS.c.name, UNITS.c.code)
        .join(TARGETS, TARGETS.c.unit_id == UNITS.c.id)
        .join(MEASURES, MEASURES.c.target_id == TARGETS.c.id)
        .where(
            TARGETS.c.cycle_id == call.cycle_id,
            TARGETS.c.state == "issued",
            MEASURES.c.value.is_not(None),
        )
        .distinct()
        .order_by(UNITS.c.code)
    )
    if codes is not None:
        query = query.where(UNITS.c.code.in_([str(code) for code in codes]))
    return [dict(row) for row in call.connection.execute(query).mappings()]


def give_card(call: ServiceCall) -> dict[str, Value]:
    """给予黄牌、红牌: an act of the office on record, and notices to the posts that the diagram names."""
    insert_row(
        call.connection,
        LATE_CARDS,
        id=new_id(),
        cycle_id=call.cycle_id,
        unit_id=unit_of(call)["id"],
        period=str(call.inputs["period"]),
        colour=str(call.inputs["colour"]),
        due_on=call.inputs["dueOn"],
        given_at=call.at,
        instance_id=call.instance_id,
    )
    tell(call)
    return {}


def judge_month(call: ServiceCall) -> dict[str, Value]:
    """判定进度灯: the report is on record, each figure has its light; how many are yellow and red.

    Inputs: `period`, `dueOn`, `reported`, `lateDays`, `confirmedBy`, `kindDecision`, `lightDecision`.
    """
    period, unit_id = str(call.inputs["period"]), str(unit_of(call)["id"])
    reported, late_days = bool(call.inputs["reported"]), int(call.inputs["lateDays"] or 0)
    insert_row(
        call.connection,
        REPORTS,
        id=new_id(),
        cycle_id=call.cycle_id,
        unit_id=unit_id,
        period=period,
        due_on=call.inputs["dueOn"],
        late_days=late_days,
        reported=reported,
        by_person=call.inputs.get("confirmedBy"),
        made_at=call.at,
        instance_id=call.instance_id,
    )
    where = {"cycle_id": call.cycle_id, "unit_id": unit_id, "period": period}
    figures = figures_of(call.connection, **where)
    data = data_of(call.connection, **where) if reported else {}
    before = {row["measure"]: row for row in lights_of(call.connection, **where)}
    judged = judge(call, figures, data, period=period, late_days=late_days)
    ids = write_lights(call, judged, period=period, before=before)
    counted = Counter(one.light for one in judged)
    issues = [
        issue_of(light_id, one, period=period)
        for light_id, one in zip(ids, judged, strict=True)
        if one.light == "红"
    ]
    return {"yellow": Decimal(counted["黄"]), "red": Decimal(counted["红"]), "issues": issues}


def make_card(call: ServiceCall) -> dict[str, Value]:
    """生成绩效卡: the unit's month in figures, in place of the card before."""
    write_card(call, unit_id=str(unit_of(call)["id"]), period=str(call.inputs["period"]))
    return {}


def write_card(call: ServiceCall, *, unit_id: str, period: str) -> None:
    """Count the month again and add its card."""
    place = {"cycle_id": call.cycle_id, "unit_id": unit_id, "period": period}
    lights = Counter(row["light"] for row in lights_of(call.connection, **place))
    report = _one(call, REPORTS, place)
    before = newest(call.connection, CARDS, *_at(CARDS, place))
    given = call.connection.execute(select(LATE_CARDS.c.colour).where(*_at(LATE_CARDS, place)))
    colours = set(given.scalars())
    insert_row(
        call.connection,
        CARDS,
        id=new_id(),
        **place,
        green=lights["绿"],
        yellow=lights["黄"],
        red=lights["红"],
        blank=lights[""],
        late_days=report["late_days"] if report else 0,
        reported=bool(report and report["reported"]),
        card=next((colour for colour in ("红牌", "黄牌") if colour in colours), ""),
        made_at=call.at,
        instance_id=call.instance_id,
        replaces_id=before[-1]["id"] if before else None,
    )


def _one(call: ServiceCall, table: Any, place: Mapping[str, str]) -> Mapping[str, Any] | None:
    return rows_by(table, *place).row(call.connection, **place)


def _at(table: Any, place: Mapping[str, str]) -> list[Any]:
    return [table.c[name] == value for name, value in place.items()]
