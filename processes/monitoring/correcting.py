"""更正: a reported figure is wrong. The wish is stored first, the office decides, its process applies it.

Figure, light and card that were are kept; the new ones name what they take the place of.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, select, update

from engine.ids import new_id
from engine.store.writing import insert_row
from engine.work.bindings import FieldError, FormData, ServiceCall, StepContext, Value
from processes.cycle.freezing import frozen_sentence
from processes.cycle.reading import cycle_of
from processes.monitoring.figures import DATA, Figure, Word, data_of, figures_of, lights_of, write_datum
from processes.monitoring.judging import issue_of, judge, write_lights
from processes.monitoring.month_services import REPORTS, write_card
from processes.monitoring.records import Correction
from processes.monitoring.scheme import setting
from processes.planning.assigning import MessageToPublish
from processes.planning.reading import target_of
from processes.planning.steps import UNITS, unit_of
from processes.planning.telling import tell
from processes.tables import table_of

CORRECTIONS = table_of(Correction)
MESSAGE = "datum.corrected"


class CorrectionRefused(Exception):
    """A figure cannot be corrected: the sentence says why, `field` where."""

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field


def correction_refused(connection: Connection, cycle_id: str, *, today: date, locked: bool = False) -> str:
    """Why no figure of the year is corrected any more; '' where it still is."""
    locks_on = cycle_of(connection, cycle_id)["calendar"]["data_lock"]["on"]
    if locked or today.isoformat() > locks_on:
        return f"数据已经锁定（{locks_on}），不能再更正。"
    return frozen_sentence(connection, cycle_id)


def ask_correction(
    connection: Connection, datum_id: str, *, value: Decimal, reason: str, by: str, at: datetime, today: date
) -> MessageToPublish:
    """Store the wish that a reported figure reads `value`; the message that brings it to the office.

    Raises: CorrectionRefused when the figure is no longer the newest, is locked, is before the office
    already, or nothing changes; or the reason is missing.
    """
    datum = connection.execute(select(DATA).where(DATA.c.id == datum_id).with_for_update()).mappings().one()
    if connection.execute(select(DATA.c.id).where(DATA.c.replaces_id == datum_id)).first():
        raise CorrectionRefused("这个数已经更正过，请刷新后更正新的数。")
    locked = datum["status"] == "locked"
    if sentence := correction_refused(connection, str(datum["cycle_id"]), today=today, locked=locked):
        raise CorrectionRefused(sentence)
    if not reason.strip():
        raise CorrectionRefused("请写明为什么更正。", field="reason")
    if datum["value"] == value:
        raise CorrectionRefused("更正后的数和原来的一样。", field="value")
    waiting = select(CORRECTIONS.c.id).where(
        CORRECTIONS.c.datum_id == datum_id, CORRECTIONS.c.answered_at.is_(None)
    )
    if connection.execute(waiting).first():
        raise CorrectionRefused("这个数的更正正在考评办核定，请等核定以后再提。")
    if not _was_judged(connection, datum):
        raise CorrectionRefused("本月还没有正式报送，请在填报任务里直接修改。")
    correction_id = new_id()
    insert_row(
        connection,
        CORRECTIONS,
        id=correction_id,
        datum_id=datum_id,
        value=value,
        reason=reason.strip(),
        by_person=by,
        made_at=at,
        answer="",
    )
    unit = connection.execute(
        select(UNITS.c.id, UNITS.c.name, UNITS.c.code).where(UNITS.c.id == datum["unit_id"])
    )
    days = setting(connection, datum["cycle_id"], "correctionWorkingDays")
    return MessageToPublish(
        cycle_id=str(datum["cycle_id"]),
        name=MESSAGE,
        key=datum_id,
        message_id=correction_id,
        variables={
            "correctionId": correction_id,
            "datumId": datum_id,
            "unit": dict(unit.mappings().one()),
            "days": Decimal(days),
            "about": f"{datum['period']} {_target_label(connection, str(datum['target_id']))}",
        },
    )


def _target_label(connection: Connection, target_id: str) -> str:
    target = target_of(connection, target_id)
    return target.label if target is not None else ""


def _was_judged(connection: Connection, datum: Any) -> bool:
    query = select(REPORTS.c.id).where(
        REPORTS.c.cycle_id == datum["cycle_id"],
        REPORTS.c.unit_id == datum["unit_id"],
        REPORTS.c.period == datum["period"],
    )
    return connection.execute(query).first() is not None


class CorrectionDecision:
    """核定更正: the office agrees or not; the answer is given once."""

    def read(self, step: StepContext) -> FormData:
        wish, datum = _wish(step.connection, str(step.variables["correctionId"]))
        figure = _figure(step.connection, datum)
        before = _light(step.connection, datum)
        return {
            "unit_name": unit_of(step)["name"],
            "period": datum["period"],
            "target": figure.target.label,
            "name": figure.name,
            "old": figure.with_unit(datum["value"]),
            "new": figure.with_unit(wish["value"]),
            "reason": wish["reason"],
            "light_before": f"{before['light'] or '无'}（{before['reason']}）" if before else "无",
        }

    def check(self, step: StepContext, data: FormData, *, outcome: str) -> list[FieldError]:
        return []

    def write(self, step: StepContext, data: FormData, *, outcome: str) -> dict[str, Value]:
        agreed = outcome == "approve"
        step.connection.execute(
            update(CORRECTIONS)
            .where(CORRECTIONS.c.id == step.variables["correctionId"])
            .values(
                accepted=agreed,
                answer="同意更正" if agreed else "不同意更正",
                answered_by=step.person_id,
                answered_at=step.at,
                new_datum_id=_corrected(step) if agreed else None,
            )
        )
        return {}


def _corrected(step: StepContext) -> str:
    """Add the corrected datum in place of the wrong one; its id."""
    wish, datum = _wish(step.connection, str(step.variables["correctionId"]))
    word = Word(
        cycle_id=step.cycle_id,
        unit_id=str(datum["unit_id"]),
        period=str(datum["period"]),
        at=step.at,
        by=str(wish["by_person"]),
        instance_id=step.instance_id,
        source=str(datum["source"]),
    )
    return write_datum(
        step.connection,
        word,
        _figure(step.connection, datum),
        value=wish["value"],
        note=f"更正：{wish['reason']}",
        before=datum,
    )


def drop_correction(call: ServiceCall) -> dict[str, Value]:
    """停止更正: nobody decides the wish any more; `answer` says why, and the posts are told."""
    call.connection.execute(
        update(CORRECTIONS)
        .where(CORRECTIONS.c.id == str(call.inputs["correctionId"]), CORRECTIONS.c.answered_at.is_(None))
        .values(accepted=False, answer=str(call.inputs["answer"]), answered_at=call.at)
    )
    tell(call)
    return {}


def apply_correction(call: ServiceCall) -> dict[str, Value]:
    """更正并重新判灯: light and card are made anew; one that turned red goes on as an issue."""
    _wish_row, old = _wish(call.connection, str(call.inputs["correctionId"]))
    period, unit_id = str(old["period"]), str(old["unit_id"])
    place = {"cycle_id": call.cycle_id, "unit_id": unit_id, "period": period}
    before = {row["measure"]: row for row in lights_of(call.connection, **place)}
    call = replace(call, variables={**call.variables, "period": period})
    figure = _figure(call.connection, old)
    [one] = judge(
        call,
        [figure],
        data_of(call.connection, **place),
        period=period,
        late_days=_late_days(call, place),
    )
    [light_id] = write_lights(call, [one], period=period, before=before)
    write_card(call, unit_id=unit_id, period=period)
    was = before.get(figure.key)
    turned = one.light == "红" and (was is None or was["light"] != "红")
    return {"issues": [issue_of(light_id, one, period=period)] if turned else []}


def _late_days(call: ServiceCall, place: Mapping[str, str]) -> int:
    query = select(REPORTS.c.late_days).where(*(REPORTS.c[name] == value for name, value in place.items()))
    return int(call.connection.execute(query).scalar_one())


def _wish(connection: Connection, correction_id: str) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    wish = connection.execute(select(CORRECTIONS).where(CORRECTIONS.c.id == correction_id)).mappings().one()
    datum = connection.execute(select(DATA).where(DATA.c.id == wish["datum_id"])).mappings().one()
    return dict(wish), dict(datum)


def _figure(connection: Connection, datum: Mapping[str, Any]) -> Figure:
    period = str(datum["period"])
    figures = figures_of(connection, cycle_id=datum["cycle_id"], unit_id=datum["unit_id"], period=period)
    return next(figure for figure in figures if figure.key == datum["measure"])


def _light(connection: Connection, datum: Mapping[str, Any]) -> Mapping[str, Any] | None:
    lights = lights_of(
        connection, cycle_id=datum["cycle_id"], unit_id=datum["unit_id"], period=datum["period"]
    )
    return next((light for light in lights if light["measure"] == datum["measure"]), None)
