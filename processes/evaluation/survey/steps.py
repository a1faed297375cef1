"""Records of a survey's steps: design, sampling, codes, review, report."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from sqlalchemy import delete, func, insert, select, update

from engine.ids import new_id
from engine.store.writing import insert_row
from engine.work.bindings import FieldError, FormData, StepContext, Value
from processes.cycle.reading import scheme_of as content_of
from processes.cycle.records import Publication
from processes.evaluation.ballots.boxes import issued_per_layer, spent_per_layer
from processes.evaluation.ballots.casting import WORDS
from processes.evaluation.survey.reading import (
    ASKED_UNITS,
    LAYERS,
    asked_units,
    layers_of,
    mark_survey,
    results_of,
    survey_of,
)
from processes.tables import table_of

PUBLICATIONS = table_of(Publication)
HUNDRED = Decimal(100)


def rows_in(data: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    """The rows of a list in a form."""
    return [row for row in data.get(name) or [] if isinstance(row, Mapping)]


def survey_in(step: StepContext) -> Mapping[str, Any]:
    """The survey that the step's instance is about."""
    return survey_of(step.connection, str(step.variables["surveyId"]))


class Design:
    """设计问卷: what is asked, when, about which units in which class."""

    def read(self, step: StepContext) -> FormData:
        survey = survey_in(step)
        classes = content_of(step.connection, step.cycle_id)["survey"]["classes"]
        return {
            **{name: survey[name] for name in ("title", "introduction", "question")},
            "opens_on": survey["opens_on"].isoformat(),
            "closes_on": survey["closes_on"].isoformat(),
            "levels_text": "、".join([*survey["levels"], survey["unknown"]]),
            "class_options": [
                {"label": f"{key} 类（{rule['name']}）", "value": key} for key, rule in classes.items()
            ],
            "units": [
                {
                    "id": unit["unit_id"],
                    "name": unit["name"],
                    "class_key": unit["class_key"],
                    "included": unit["included"],
                }
                for unit in asked_units(step.connection, survey["id"], all_of_them=True)
            ],
        }

    def check(self, step: StepContext, data: FormData, *, outcome: str) -> list[FieldError]:
        errors = []
        opens, closes = date.fromisoformat(data["opens_on"]), date.fromisoformat(data["closes_on"])
        if closes < opens:
            errors.append(FieldError("closes_on", "order", "截止日期早于开始日期，请改正其中一个"))
        if closes <= step.today:
            errors.append(FieldError("closes_on", "past", "截止日期应晚于今天，否则没有人来得及作答"))
        if not any(row.get("included") for row in rows_in(data, "units")):
            errors.append(FieldError("units", "missing", "请至少选择一个接受评价的单位"))
        return errors

    def write(self, step: StepContext, data: FormData, *, outcome: str) -> dict[str, Value]:
        survey = survey_in(step)
        opens, closes = date.fromisoformat(data["opens_on"]), date.fromisoformat(data["closes_on"])
        words = {name: str(data.get(name) or "").strip() for name in ("title", "introduction", "question")}
        mark_survey(step.connection, survey["id"], **words, opens_on=opens, closes_on=closes)
        for row in rows_in(data, "units"):
            step.connection.execute(
                update(ASKED_UNITS)
                .where(ASKED_UNITS.c.survey_id == survey["id"], ASKED_UNITS.c.unit_id == row.get("id"))
                .values(class_key=row["class_key"], included=bool(row.get("included")))
            )
        return {"opensOn": opens, "closesOn": closes}


class Sampling:
    """制定抽样方案: the layers, what they weigh, how many codes each gets."""

    def read(self, step: StepContext) -> FormData:
        return {
            "layers": [
                {
                    "name": layer["name"],
                    "sampling": layer["sampling"],
                    "weight": _plain(layer["weight"]),
                    "quota": str(layer["quota"]),
                }
                for layer in layers_of(step.connection, survey_in(step)["id"])
            ]
        }

    def check(self, step: StepContext, data: FormData, *, outcome: str) -> list[FieldError]:
        rows = rows_in(data, "layers")
        if not rows:
            return [FieldError("layers", "missing", "请至少写一层调查对象")]
        weights = [_decimal(row.get("weight")) for row in rows]
        total = sum((weight for weight in weights if weight is not None), Decimal(0))
        errors = []
        if None not in weights and total != HUNDRED:
            errors.append(FieldError("layers", "weights", f"各层权重合计为 {total}，应为 100"))
        names = [str(row.get("name") or "").strip() for row in rows]
        errors += [
            FieldError(f"layers.{index}.name", "twice", "这一层已经有了，请合并")
            for index, name in enumerate(names)
            if name in names[:index]
        ]
        return errors

    def write(self, step: StepContext, data: FormData, *, outcome: str) -> dict[str, Value]:
        survey = survey_in(step)
        step.connection.execute(delete(LAYERS).where(LAYERS.c.survey_id == survey["id"]))
        rows = rows_in(data, "layers")
        step.connection.execute(
            insert(LAYERS),
            [
                {
                    "id": new_id(),
                    "survey_id": survey["id"],
                    "number": number,
                    "name": str(row["name"]).strip(),
                    "sampling": str(row.get("sampling") or "").strip(),
                    "weight": _decimal(row["weight"]),
                    "quota": int(_decimal(row["quota"]) or 0),
                }
                for number, row in enumerate(rows, 1)
            ],
        )
        return {}


class Plan:
    """审核调查方案: the questionnaire and the sampling on one page."""

    def read(self, step: StepContext) -> FormData:
        survey = survey_in(step)
        layers = layers_of(step.connection, survey["id"])
        return {
            **{name: survey[name] for name in ("title", "introduction", "question")},
            "window": f"{survey['opens_on']} 至 {survey['closes_on']}",
            "levels_text": "、".join([*survey["levels"], survey["unknown"]]),
            "unit_count": len(asked_units(step.connection, survey["id"])),
            "code_count": sum(layer["quota"] for layer in layers),
            "layers": [{**layer, "weight": _plain(layer["weight"])} for layer in map(_shown_layer, layers)],
        }

    def check(self, step: StepContext, data: FormData, *, outcome: str) -> list[FieldError]:
        return []

    def write(self, step: StepContext, data: FormData, *, outcome: str) -> dict[str, Value]:
        if outcome == "approve":
            mark_survey(step.connection, survey_in(step)["id"], state="approved")
        return {}


class CodeSheets:
    """制发答题码: the codes are made on the survey's page; here it is said that they were handed out."""

    def read(self, step: StepContext) -> FormData:
        survey = survey_in(step)
        issued = issued_per_layer(step.connection, survey["box_id"])
        return {
            "survey_id": survey["id"],
            "layers": [
                {**_shown_layer(layer), "issued": issued[layer["number"]]}
                for layer in layers_of(step.connection, survey["id"])
            ],
        }

    def check(self, step: StepContext, data: FormData, *, outcome: str) -> list[FieldError]:
        waiting = [row["name"] for row in self.read(step)["layers"] if row["quota"] and not row["issued"]]
        if not waiting:
            return []
        told = f"还没有生成答题码的层：{'、'.join(waiting)}。请先在调查页面生成并打印"
        return [FieldError("layers", "missing", told)]

    def write(self, step: StepContext, data: FormData, *, outcome: str) -> dict[str, Value]:
        return {}


class Outcome:
    """审核统计结果, 撰写报告: rates and scores by unit, the return by layer; small groups are not shown."""

    def read(self, step: StepContext) -> FormData:
        survey = survey_in(step)
        return {
            "returns": return_rows(step, survey),
            "missing_sheets": survey["missing_sheets"],
            "units": result_rows(step, survey),
            "opinions": _opinions(step, survey["box_id"]),
            "report": "",
        }

    def check(self, step: StepContext, data: FormData, *, outcome: str) -> list[FieldError]:
        return []

    def write(self, step: StepContext, data: FormData, *, outcome: str) -> dict[str, Value]:
        return {}


class Report(Outcome):
    """撰写社会评价意见报告: what it says is published under the survey's title."""

    def write(self, step: StepContext, data: FormData, *, outcome: str) -> dict[str, Value]:
        survey = survey_in(step)
        insert_row(
            step.connection,
            PUBLICATIONS,
            id=new_id(),
            cycle_id=step.cycle_id,
            kind="survey",
            title=f"{survey['title']}：社会评价意见报告",
            body=str(data["report"]).strip(),
            instance_id=step.instance_id,
            published_at=step.at,
        )
        return {}


def return_rows(step: StepContext, survey: Mapping[str, Any]) -> list[dict[str, Any]]:
    """回收情况 by layer: codes issued, codes used, percent."""
    issued = issued_per_layer(step.connection, survey["box_id"])
    spent = spent_per_layer(step.connection, survey["box_id"])
    return [
        {
            **_shown_layer(layer),
            "issued": issued[layer["number"]],
            "spent": spent[layer["number"]],
            "percent": percent(spent[layer["number"]], issued[layer["number"]]),
        }
        for layer in layers_of(step.connection, survey["id"])
    ]


def result_rows(step: StepContext, survey: Mapping[str, Any]) -> list[dict[str, Any]]:
    """结果 by unit, as people read them."""
    results = results_of(step.connection, survey["id"])
    rows = []
    for unit in asked_units(step.connection, survey["id"]):
        whole = results.get(unit["unit_id"], {}).get(0)
        if whole is None or not whole["shown"]:
            rows.append(
                {"name": unit["name"], "valid": "少于 5 份，不显示", "rate": "", "score": "", "passed": ""}
            )
            continue
        rows.append(
            {
                "name": unit["name"],
                "valid": str(sum(whole["counts"])),
                "rate": f"{whole['rate']}%",
                "score": _plain(round(whole["score"], 2)),
                "passed": "达标" if whole["passed"] else "未达标",
            }
        )
    return rows


def percent(part: int, whole: int) -> str:
    """`62.5%`, or a dash."""
    return f"{_plain(round(HUNDRED * part / whole, 1))}%" if whole else "—"


def _opinions(step: StepContext, box_id: str) -> int:
    query = select(func.count()).select_from(WORDS).where(WORDS.c.box_id == box_id)
    return int(step.connection.execute(query).scalar_one())


def _shown_layer(layer: Mapping[str, Any]) -> dict[str, Any]:
    kept: Sequence[str] = ("number", "name", "sampling", "weight", "quota")
    return {name: layer[name] for name in kept} | {"weight": _plain(layer["weight"])}


def _decimal(value: object) -> Decimal | None:
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return None


def _plain(value: Decimal) -> str:
    text = format(Decimal(value), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
