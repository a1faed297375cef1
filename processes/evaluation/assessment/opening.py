"""What programs do in the assessment of targets: who is assessed, scoring quantities, drawing, the total."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Any

from sqlalchemy import select

from engine.ids import new_id
from engine.store.writing import insert_row
from engine.work.bindings import ServiceCall, Value, reads_only
from processes.accountability.flags import cleared_of_fraud
from processes.cycle.evaluation_section import evaluation_values
from processes.cycle.reading import cycle_of, scheme_of
from processes.evaluation.assessment.results import (
    DRAWS,
    Standing,
    exempt_targets,
    lead_of,
    own_word,
    put_result,
    standings,
)
from processes.evaluation.assessment.rules import Rules, plain, rules_of
from processes.evaluation.collection.ledger import ORDERS
from processes.evaluation.collection.orders import lock_recognised
from processes.evaluation.grading.marks import assessed_units
from processes.planning.reading import TARGETS, MeasureView
from processes.planning.steps import unit_of
from processes.planning.versions import exact_text

ALGORITHM = "sha256(seed/code), ascending"


@reads_only
def open_assessment(call: ServiceCall) -> dict[str, Value]:
    """确定考核单位: assessed units with issued targets (those of `unitCodes`, if given), and the limits."""
    cycle = cycle_of(call.connection, call.cycle_id)
    query = (
        select(TARGETS.c.unit_id)
        .distinct()
        .where(TARGETS.c.cycle_id == call.cycle_id, TARGETS.c.state == "issued", TARGETS.c.scorable.is_(True))
    )
    having, codes = set(call.connection.execute(query).scalars()), call.variables.get("unitCodes")
    limits = evaluation_values(scheme_of(call.connection, call.cycle_id), "assessment")
    return {
        "units": [
            {name: unit[name] for name in ("id", "name", "code")}
            for unit in assessed_units(call.connection, call.cycle_id)
            if unit["id"] in having and (not isinstance(codes, list) or unit["code"] in codes)
        ],
        "dataLock": date.fromisoformat(cycle["calendar"]["data_lock"]["on"]),
        "limits": {name: value for name, value in limits.items() if isinstance(value, int)},
    }


def score(call: ServiceCall) -> dict[str, Value]:
    """定量自动计分: after the lock. Figures count as they are locked; exempt ones by the unit's own word.

    Answers `leads`: the bureaus that score this unit's special targets.
    """
    rules = rules_of(call.connection, instance_id=call.instance_id, cycle_id=call.cycle_id)
    lock_recognised(call, unit_id=str(unit_of(call)["id"]))
    exempt, unit_exempt = exempt_targets(call), call.variables.get("unitExempt") is True
    cleared = cleared_of_fraud(call.connection, call.cycle_id, str(unit_of(call)["id"]))
    leads: dict[str, Value] = {}
    automatic = []
    for standing in standings(call):
        lead = None if unit_exempt else lead_of(call, standing)
        item = {
            "forged": standing.withdrawn and not cleared,
            "led": lead is not None,
            "counted": standing.counted,
            "exempt": unit_exempt or standing.target.id in exempt,
        }
        how = rules.decide("scored_how", item=item)
        if how.value == "auto":
            automatic.append(standing)
            _score_figures(call, rules, standing)
        elif how.value == "nothing":
            basis = f"自报数据弄虚作假，得零分：{standing.said()}"
            put_result(
                call, rules, standing, way="auto", achievements=[Decimal(0)], basis=basis, reasons=[how]
            )
        elif how.value == "self":
            _take_own_word(call, rules, standing)
        elif how.value == "lead" and lead is not None:
            leads[str(lead["id"])] = lead
    _draw(call, rules, automatic)
    return {"leads": sorted(leads.values(), key=lambda lead: str(lead["code"]))}


def _score_figures(call: ServiceCall, rules: Rules, standing: Standing) -> None:
    results = [
        {
            "target": measure.value,
            "actual": standing.data[measure.id]["value"],
            "direction": measure.row["direction"],
        }
        for measure in standing.target.measures
    ]
    answers = [rules.decide("achievement", result=result) for result in results]
    put_result(
        call,
        rules,
        standing,
        way="auto",
        achievements=[Decimal(str(answer.value)) for answer in answers],
        basis=f"按锁定的数据自动计分：{standing.said()}",
        reasons=answers,
        inputs={
            "figures": plain(results),
            "data": [standing.data[measure.id]["id"] for measure in standing.target.measures],
        },
    )


def _take_own_word(call: ServiceCall, rules: Rules, standing: Standing) -> None:
    report = own_word(call)
    said = (report["marks"] if report else {}).get(standing.target.id) or {}
    achievement = Decimal(said.get("achievement") or 0)
    basis = f"免检，采用自评：{said.get('text', '')}"
    put_result(call, rules, standing, way="self", achievements=[achievement], basis=basis)


def _draw(call: ServiceCall, rules: Rules, automatic: Sequence[Standing]) -> None:
    """随机抽查: the seed comes of the locked figures: unknown before the lock, known after it."""
    pool = sorted(str(standing.target.row["code"]) for standing in automatic)
    seed = seed_of(call, automatic)
    size = int(str(rules.decide("draw_size", pool={"size": Decimal(len(pool))}).value))
    drawn = drawn_from(pool, seed=seed, size=size)
    risky = _risky(call)
    sampled = [
        str(standing.target.row["code"])
        for standing in automatic
        if _sampled(rules, risky=standing.target.id in risky, drawn=standing.target.row["code"] in drawn)
    ]
    insert_row(
        call.connection,
        DRAWS,
        id=new_id(),
        cycle_id=call.cycle_id,
        unit_id=unit_of(call)["id"],
        seed=seed,
        algorithm=ALGORITHM,
        pool=pool,
        drawn=sampled,
        made_at=call.at,
    )


def seed_of(call: ServiceCall, automatic: Sequence[Standing]) -> str:
    """SHA-256 (hex) over year, unit and the locked values."""
    year = cycle_of(call.connection, call.cycle_id)["year"]
    figures = sorted(
        _figure(standing, measure) for standing in automatic for measure in standing.target.measures
    )
    return sha256("|".join([str(year), str(unit_of(call)["code"]), *figures]).encode()).hexdigest()


def _figure(standing: Standing, measure: MeasureView) -> str:
    value = exact_text(standing.data[measure.id]["value"])
    return f"{standing.target.row['code']}.{measure.row['position']}={value}"


def drawn_from(pool: Sequence[str], *, seed: str, size: int) -> list[str]:
    """The first `size` codes in the order of SHA-256 over `seed/code`."""
    return sorted(pool, key=lambda code: sha256(f"{seed}/{code}".encode()).hexdigest())[:size]


def _sampled(rules: Rules, *, risky: bool, drawn: bool) -> bool:
    item = {"key": False, "risk": "high" if risky else "normal", "drawn": drawn}
    answer: Any = rules.decide("sampling", item=item).value
    return bool(answer["sampled"])


def _risky(call: ServiceCall) -> set[str]:
    query = select(ORDERS.c.target_id).where(ORDERS.c.cycle_id == call.cycle_id, ORDERS.c.risk == "high")
    return set(call.connection.execute(query).scalars())
