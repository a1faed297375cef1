"""Records of those who score: the group, the second reviewer, the leader, lead bureaus of special targets."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from engine.work.bindings import FieldError, FormData, StepContext, Value
from processes.cycle.reading import cycle_of
from processes.evaluation.assessment.results import (
    CHECK,
    DRAWS,
    RESULTS,
    Standing,
    lead_of,
    own_word,
    put_result,
    results_of,
    standings,
)
from processes.evaluation.assessment.rules import rules_of
from processes.planning.entry import number_of, rows_in, text_of
from processes.planning.steps import unit_of
from processes.planning.versions import exact_text

WAYS = {"auto": "自动计分", "self": "采用自评", "lead": "牵头部门", "group": "考核组", "second": "复评"}
Results = Mapping[str, Mapping[str, Any]]


class Special:
    """评定专项目标: a lead bureau says how far another unit reached its special targets."""

    def read(self, step: StepContext) -> FormData:
        return {**_head(step), "lead_name": self._lead(step)["name"], "rows": self._rows(step)}

    def check(self, step: StepContext, data: FormData, *, outcome: str) -> list[FieldError]:
        return []

    def write(self, step: StepContext, data: FormData, *, outcome: str) -> dict[str, Value]:
        _write(step, self._mine(step), data, "rows", way="lead", by_unit_id=str(self._lead(step)["id"]))
        return {}

    def _rows(self, step: StepContext) -> list[dict[str, Any]]:
        return [_blank(step, standing, _results(step)) for standing in self._mine(step)]

    def _mine(self, step: StepContext) -> list[Standing]:
        lead_id = self._lead(step)["id"]
        pairs = [(standing, lead_of(step, standing)) for standing in standings(step)]
        return [standing for standing, lead in pairs if lead is not None and lead["id"] == lead_id]

    def _lead(self, step: StepContext) -> Mapping[str, Any]:
        lead: Mapping[str, Any] = step.variables["lead"]
        return lead


class SpecialSignature(Special):
    """签发评分: the lead bureau's head signs what its liaison wrote."""

    def write(self, step: StepContext, data: FormData, *, outcome: str) -> dict[str, Value]:
        return {}


class Group:
    """考核组评分: what nobody else scores, with a basis; and what the random check found on the spot."""

    def read(self, step: StepContext) -> FormData:
        results, found = _results(step), _results(step, checks=True)
        return {
            **_head(step),
            "rows": [_blank(step, standing, results) for standing in self._left(step)],
            "checks": [
                {
                    **standing.as_row(),
                    "auto": exact_text(_shown(_automatic(step, standing))),
                    "achievement": exact_text(found[standing.target.id]["achievement"])
                    if standing.target.id in found
                    else None,
                    "basis": found.get(standing.target.id, {}).get("basis", ""),
                }
                for standing in drawn(step)
            ],
        }

    def check(self, step: StepContext, data: FormData, *, outcome: str) -> list[FieldError]:
        return []

    def write(self, step: StepContext, data: FormData, *, outcome: str) -> dict[str, Value]:
        _write(step, self._left(step), data, "rows", way="group")
        _write(step, drawn(step), data, "checks", way=CHECK)
        return {"secondNeeded": bool(disputed(step))}

    def _left(self, step: StepContext) -> list[Standing]:
        """An exempt unit comes here only when the leader doubts its own word: the group judges that too."""
        results = _results(step)
        ways = {"group", "self"} if step.variables.get("unitExempt") is True else {"group"}
        return [
            standing
            for standing in standings(step)
            if standing.target.id not in results or results[standing.target.id]["way"] in ways
        ]


class Second:
    """复评: where the check on the spot and the automatic value are too far apart, somebody else decides."""

    def read(self, step: StepContext) -> FormData:
        found = _results(step, checks=True)
        return {
            **_head(step),
            "rows": [
                {
                    **standing.as_row(),
                    "auto": exact_text(_shown(_automatic(step, standing))),
                    "found": exact_text(_shown(found[standing.target.id]["achievement"])),
                    "why": found[standing.target.id]["basis"],
                    "achievement": None,
                    "basis": "",
                }
                for standing in disputed(step)
            ],
        }

    def check(self, step: StepContext, data: FormData, *, outcome: str) -> list[FieldError]:
        return []

    def write(self, step: StepContext, data: FormData, *, outcome: str) -> dict[str, Value]:
        _write(step, disputed(step), data, "rows", way="second")
        return {}


class LeaderReview:
    """组长复核: every target's result with who scored it and why."""

    def read(self, step: StepContext) -> FormData:
        results = _results(step)
        return {
            **_head(step),
            "rows": [
                {
                    **standing.as_row(),
                    "achievement": exact_text(_shown(result["achievement"])),
                    "way": WAYS[result["way"]],
                    "basis": result["basis"],
                }
                for standing in standings(step)
                if (result := results.get(standing.target.id))
            ],
        }

    def check(self, step: StepContext, data: FormData, *, outcome: str) -> list[FieldError]:
        return []

    def write(self, step: StepContext, data: FormData, *, outcome: str) -> dict[str, Value]:
        return {}


def drawn(step: StepContext) -> list[Standing]:
    """The targets that are checked on the spot."""
    query = select(DRAWS.c.drawn).where(
        DRAWS.c.cycle_id == step.cycle_id, DRAWS.c.unit_id == unit_of(step)["id"]
    )
    codes = step.connection.execute(query).scalar() or []
    return [standing for standing in standings(step) if standing.target.row["code"] in codes]


def disputed(step: StepContext) -> list[Standing]:
    """Checked targets of which the decision says that a second reviewer must look at them."""
    assert step.decide is not None
    rules = rules_of(step.connection, instance_id=step.instance_id, cycle_id=step.cycle_id)
    found = _results(step, checks=True)
    return [
        standing
        for standing in drawn(step)
        if standing.target.id in found
        and rules.decide(
            "second_review",
            check={
                "auto": _automatic(step, standing),
                "found": found[standing.target.id]["achievement"],
            },
        ).value
        is True
    ]


def _automatic(step: StepContext, standing: Standing) -> Decimal:
    """What the locked figures gave; later reviews leave it as it was."""
    query = (
        select(RESULTS.c.achievement)
        .where(RESULTS.c.target_id == standing.target.id, RESULTS.c.way == "auto")
        .order_by(RESULTS.c.id.desc())
        .limit(1)
    )
    return Decimal(step.connection.execute(query).scalar_one())


def _write(
    step: StepContext,
    targets: list[Standing],
    data: FormData,
    name: str,
    *,
    way: str,
    by_unit_id: str | None = None,
) -> None:
    rules = rules_of(step.connection, instance_id=step.instance_id, cycle_id=step.cycle_id)
    given = {str(row["id"]): row for row in rows_in(data, name)}
    for standing in targets:
        row = given[standing.target.id]
        achievement = number_of(row.get("achievement"))
        assert achievement is not None, "the form requires it"
        put_result(
            step,
            rules,
            standing,
            way=way,
            achievements=[achievement],
            quality=number_of(row.get("quality")),
            basis=text_of(row.get("basis")),
            by_unit_id=by_unit_id,
        )


def _results(step: StepContext, *, checks: bool = False) -> Results:
    unit_id = str(unit_of(step)["id"])
    return results_of(step.connection, cycle_id=step.cycle_id, unit_id=unit_id, checks=checks)


def _blank(step: StepContext, standing: Standing, results: Results) -> dict[str, Any]:
    report, before = own_word(step), results.get(standing.target.id)
    said = (report["marks"] if report else {}).get(standing.target.id) or {}
    return {
        **standing.as_row(),
        "own": said.get("achievement") or "",
        "own_text": said.get("text", ""),
        "achievement": exact_text(before["achievement"]) if before else None,
        "quality": exact_text(before["measure"]) if before else None,
        "basis": before["basis"] if before else "",
    }


def _shown(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.0001"))


def _head(step: StepContext) -> dict[str, Any]:
    year = cycle_of(step.connection, step.cycle_id)["year"]
    return {"year": Decimal(year), "unit_name": unit_of(step)["name"]}
