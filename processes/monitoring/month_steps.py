"""Records of a unit's own steps in a month: 填报进度, 审核进度, 说明原因."""

from typing import Any

from sqlalchemy import insert

from engine.ids import new_id
from engine.work.bindings import FieldError, FormData, StepContext, Value
from processes.monitoring.figures import (
    Figure,
    Word,
    add_evidence,
    data_before,
    data_of,
    evidence_of,
    figures_of,
    lights_of,
    write_datum,
)
from processes.monitoring.judging import kinds_of
from processes.monitoring.records import LightExplanation
from processes.planning.entry import number_of, rows_in, text_of
from processes.planning.steps import unit_of
from processes.planning.unit_steps import Unchecked
from processes.planning.versions import exact_text
from processes.tables import table_of

EXPLANATIONS = table_of(LightExplanation)
WAYS = {"count": "按月份分摊", "rate": "与年度目标比", "yearly": "年度数，出来以后再比"}


def period_of(step: StepContext) -> str:
    """The month that the instance is about, `2018-06`."""
    return str(step.variables["period"])


def title_of(step: StepContext) -> str:
    """`市建委 2018年6月进度`."""
    year, _mark, month = period_of(step).partition("-")
    return f"{unit_of(step)['name']} {year}年{int(month)}月进度"


class Progress:
    """填报进度: what has been reached by the end of the month; or that there is no figure, and why."""

    def read(self, step: StepContext) -> FormData:
        place = {"cycle_id": step.cycle_id, "unit_id": str(unit_of(step)["id"])}
        data = data_of(step.connection, **place, period=period_of(step))
        earlier = data_before(step.connection, **place, period=period_of(step))
        papers = evidence_of(step.connection, "datum", [str(row["id"]) for row in data.values()])
        rows: list[dict[str, Any]] = []
        figures = self._figures(step)
        ways = self._ways(step, figures)
        for figure in figures:
            datum, last = data.get(figure.key), earlier.get(figure.key)
            rows.append(
                {
                    "id": figure.key,
                    "locked": True,
                    "target": figure.target.label,
                    "name": figure.name,
                    "unit": figure.measure.row["unit"],
                    "annual": figure.measure.shown(),
                    "way": ways.get(figure.key, ""),
                    "last": figure.with_unit(last["value"]) if last else "无",
                    "value": exact_text(datum["value"]) if datum else None,
                    "no_data": datum is not None and datum["value"] is None,
                    "note": datum["note"] if datum else "",
                    "evidence": papers.get(str(datum["id"]), []) if datum else [],
                    "papers": str(len(papers.get(str(datum["id"]), []))) if datum else "0",
                }
            )
        return {"title": title_of(step), "figures": rows}

    def check(self, step: StepContext, data: FormData, *, outcome: str) -> list[FieldError]:
        found = []
        for index, row in enumerate(rows_in(data, "figures")):
            value = number_of(row.get("value"))
            if not row.get("no_data") and value is None:
                told = "请填写数值；本期没有数据的，请勾选“本期无数据”并写明原因。"
                found.append(FieldError(f"figures.{index}.value", "missing", told))
            if row.get("no_data") and not text_of(row.get("note")):
                found.append(FieldError(f"figures.{index}.note", "missing", "请写明本期为什么没有数据。"))
        return found

    def write(self, step: StepContext, data: FormData, *, outcome: str) -> dict[str, Value]:
        word = word_of(step)
        known = data_of(step.connection, cycle_id=word.cycle_id, unit_id=word.unit_id, period=word.period)
        figures = {figure.key: figure for figure in self._figures(step)}
        for row in rows_in(data, "figures"):
            figure = figures.get(str(row.get("id")))
            if figure is None:
                continue
            datum_id = write_datum(
                step.connection,
                word,
                figure,
                value=None if row.get("no_data") else number_of(row.get("value")),
                note=text_of(row.get("note")),
                before=known.get(figure.key),
            )
            files = [str(one) for one in row.get("evidence") or []]
            add_evidence(step.connection, word, owner_kind="datum", owner_id=datum_id, files=files)
        return {}

    def _figures(self, step: StepContext) -> list[Figure]:
        return _figures_of(step)

    def _ways(self, step: StepContext, figures: list[Figure]) -> dict[str, str]:
        decision = step.properties.get("bihuan:advice")
        kinds = kinds_of(step, figures, decision) if decision else {}
        return {key: WAYS.get(kind, "") for key, kind in kinds.items()}


def word_of(step: StepContext) -> Word:
    """The unit speaks about its own month."""
    return Word(
        cycle_id=step.cycle_id,
        unit_id=str(unit_of(step)["id"]),
        period=period_of(step),
        at=step.at,
        by=step.person_id,
        instance_id=step.instance_id,
    )


class ProgressReview(Progress):
    """审核进度: the deputy sees the figures; with the consent they are reported."""

    def read(self, step: StepContext) -> FormData:
        shown = super().read(step)
        for row in shown["figures"]:
            row["value"] = "本期无数据" if row["no_data"] else f"{row['value'] or ''}{row['unit']}"
        return shown

    def check(self, step: StepContext, data: FormData, *, outcome: str) -> list[FieldError]:
        return []

    def write(self, step: StepContext, data: FormData, *, outcome: str) -> dict[str, Value]:
        return {"confirmedBy": step.person_id}


class Explanation(Unchecked):
    """说明原因: one word on each yellow light of the month."""

    def read(self, step: StepContext) -> FormData:
        figures = {figure.key: figure for figure in _figures_of(step)}
        rows = [
            {
                "id": light["id"],
                "locked": True,
                "target": figures[light["measure"]].target.label,
                "name": figures[light["measure"]].name,
                "found": light["reason"],
                "text": "",
                "remedy": "",
            }
            for light in self._yellow(step)
            if light["measure"] in figures
        ]
        return {"title": title_of(step), "lights": rows}

    def write(self, step: StepContext, data: FormData, *, outcome: str) -> dict[str, Value]:
        yellow = {light["id"] for light in self._yellow(step)}
        rows = [
            {
                "id": new_id(),
                "light_id": row["id"],
                "text": text_of(row.get("text")),
                "remedy": text_of(row.get("remedy")),
                "by_person": step.person_id,
                "made_at": step.at,
                "instance_id": step.instance_id,
            }
            for row in rows_in(data, "lights")
            if row.get("id") in yellow
        ]
        if rows:
            step.connection.execute(insert(EXPLANATIONS), rows)
        return {}

    def _yellow(self, step: StepContext) -> list[dict[str, Any]]:
        lights = lights_of(
            step.connection,
            cycle_id=step.cycle_id,
            unit_id=str(unit_of(step)["id"]),
            period=period_of(step),
        )
        return [light for light in lights if light["light"] == "黄"]


def _figures_of(step: StepContext) -> list[Figure]:
    """The figures of the step's unit as they were valid at the end of its month."""
    return figures_of(
        step.connection,
        cycle_id=step.cycle_id,
        unit_id=str(unit_of(step)["id"]),
        period=period_of(step),
    )
