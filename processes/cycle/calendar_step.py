"""确认年度日历: the office looks through the year's dates; the stages of the year begin by them."""

from calendar import monthrange
from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import Connection, update

from engine.work.bindings import FieldError, FormData, StepContext, Value
from processes.cycle.reading import CYCLES, cycle_of, scheme_of

DECISION = "calendar_check"


class Undecided(Exception):
    """The diagram of the year is not deployed with the decision that checks its dates."""

    def __init__(self) -> None:
        super().__init__(f"流程没有绑定决策 {DECISION}：请在任务的 bihuan:decisions 里写上，再重新部署。")


class YearCalendar:
    """The dates of the cycle, checked against one another; the months that are monitored.

    Answers `dates` (by name), `months` ({period, lastDay} of each) and `has` (see `parts_of`).
    """

    def read(self, step: StepContext) -> FormData:
        cycle = cycle_of(step.connection, step.cycle_id)
        return {
            "dates": [
                {"id": name, "label": entry["label"], "on": entry["on"], "note": _note(entry)}
                for name, entry in _sorted(cycle["calendar"])
            ],
            "months": [str(month) for month in _scheme_months(step.connection, step.cycle_id)],
        }

    def check(self, step: StepContext, data: FormData, *, outcome: str) -> list[FieldError]:
        if step.decide is None:
            raise Undecided
        cycle = cycle_of(step.connection, step.cycle_id)
        sent = _sent(data)
        stored = {name: date.fromisoformat(entry["on"]) for name, entry in cycle["calendar"].items()}
        asked: dict[str, Value] = {
            "dates": stored | {name: day for name, (_index, day) in sent.items() if name in stored},
            "labels": {name: entry["label"] for name, entry in cycle["calendar"].items()},
            "year": cycle["year"],
        }
        said = step.decide(DECISION, asked) or []
        errors = [
            FieldError(
                f"dates.{sent[one['date']][0]}.on" if one["date"] in sent else "dates",
                "order",
                str(one["problem"]),
            )
            for one in said
        ]
        return errors if data.get("months") else [*errors, FieldError("months", "missing", "请选至少一个月")]

    def write(self, step: StepContext, data: FormData, *, outcome: str) -> dict[str, Value]:
        cycle = cycle_of(step.connection, step.cycle_id)
        sent = {name: day for name, (_index, day) in _sent(data).items()}
        kept = {
            name: {**entry, "on": sent[name].isoformat(), "assumption": False} if name in sent else entry
            for name, entry in cycle["calendar"].items()
        }
        step.connection.execute(update(CYCLES).where(CYCLES.c.id == step.cycle_id).values(calendar=kept))
        months = sorted({int(month) for month in data["months"]})
        return {
            "dates": {name: date.fromisoformat(entry["on"]) for name, entry in kept.items()},
            "months": [month_of(int(cycle["year"]), month) for month in months],
            "has": parts_of(scheme_of(step.connection, step.cycle_id), state=str(cycle["state"])),
        }


def month_of(year: int, month: int) -> dict[str, Value]:
    """A month as the diagrams know it: `period` such as `2018-06`, and its last day."""
    return {"period": f"{year}-{month:02d}", "lastDay": date(year, month, monthrange(year, month)[1])}


def parts_of(scheme: Mapping[str, Any], *, state: str) -> dict[str, Value]:
    """Which stages the scheme has that not every scheme has; `issued`: its targets are in force already."""
    parts = scheme["composition"]
    return {
        "innovation": "innovation" in scheme,
        "survey": any(part.get("survey") for part in parts.values()),
        "leaders": "leaders" in parts,
        "issued": state != "planning",
    }


def _sorted(calendar: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    return sorted(calendar.items(), key=lambda named: named[1]["on"])


def _note(entry: Mapping[str, Any]) -> str:
    return "默认" if entry.get("assumption") else ""


def _scheme_months(connection: Connection, cycle_id: str) -> list[int]:
    return [int(month) for month in scheme_of(connection, cycle_id)["monitoring"]["months"]["value"]]


def _sent(data: FormData) -> dict[str, tuple[int, date]]:
    """The dates that were sent, by name, each with its row."""
    return {
        str(row["id"]): (index, date.fromisoformat(str(row["on"])))
        for index, row in enumerate(data["dates"])
        if row.get("on")
    }
