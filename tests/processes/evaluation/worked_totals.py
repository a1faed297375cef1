"""The worked examples of totals put to the rules."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from tests.processes.evaluation.asking import Ask, scheme

Given = dict[str, Any]
Found = dict[str, Any]
HANGZHOU = "hangzhou_13fyp"


def first(ask: Ask, profile: str, unit: Given, **more: Any) -> Found:
    """The only unit's result, with the values of its decisions by id."""
    [found] = ask.score(profile, {"units": [{"unit": "甲局", **unit}], **more})["units"]
    return {**found, "values": {one["id"]: one["value"] for one in found["decisions"]}}


def zone(found: Found) -> str:
    return f"{found['zone']}/{found['values']['zone']['area']}"


def shenzhen_2010(ask: Ask, given: Given) -> Found:
    names = {"E": "electronic", "L": "leaders", "P": "survey", "V": "epoll"}
    found = first(ask, "shenzhen_2010", {names[key]: value for key, value in given.items()})
    return {"score": found["total_exact"], "score2": found["total"], "zone": zone(found)}


def shenzhen_2008(ask: Ask, given: Given) -> Found:
    found = first(ask, "shenzhen_2008", {"internal": given["I"], "external": given["X"]})
    return {"score": found["total_exact"], "zone": zone(found)}


def internal_needed(ask: Ask, given: Given) -> Found:
    """The other way round: this inside mark gives the mean that was published."""
    needed = Decimal("96.214")
    found = first(ask, "shenzhen_2008", {"internal": needed, "external": given["X"]})
    assert Decimal(found["total"]) == given["S"]
    return {"I": needed}


def dimensions(ask: Ask, given: Given, kind: str, profile: str = "shenzhen_2010") -> Any:
    inputs = {"dimensions": given, "kind": kind, "scheme": scheme(profile)}
    return ask.decide("dimension_score", inputs)


def department(ask: Ask, given: Given) -> Found:
    return {"E": dimensions(ask, {f"行政{name}": value for name, value in given.items()}, "department")}


def district(ask: Ask, given: Given) -> Found:
    return {"E": dimensions(ask, given, "district")}


def chain(ask: Ask, given: Given) -> Found:
    names = ("业绩", "效率", "执行力", "成本")
    made = department(ask, dict(zip(names, given["dims"], strict=True)))["E"]
    total = shenzhen_2010(ask, {"E": Decimal(made), **{key: given[key] for key in "LPV"}})
    return {"E": made, **total}


def zhangjiajie(ask: Ask, given: Given) -> Found:
    unit = {"indicators": given["A"], "public": given["B"], "internal": given["C"]}
    unit |= {name: given[name] for name in ("plus", "minus", "veto")}
    found: Found = {}
    for scale in (1000, 100):
        one = first(ask, "zhangjiajie_2009", unit, scale=scale)
        found[f"base_{scale}"] = one["values"]["composite_score"]
        found[f"total_{scale}"] = one["total"]
        found["bonus_applied"], found["penalty_applied"] = (
            one["components"][key] for key in ("plus", "minus")
        )
        found["excellent_eligible"] = one["grade"] == "优秀"
    return found


def items(given: Given) -> list[Given]:
    """The example's items as targets: the third and fourth are challenges, one missed and one met.

    How many key challenges there are, and how many were exceeded, stands on the first ones.
    """
    made: list[Given] = []
    for number, item in enumerate(given["items"]):
        row = {"weight": item["w"], "achievement": item["real"], "measure": item["meas"]}
        flags = {"challenge": number >= 2, "challenge_met": number == 3}
        keys = {"key": number < given.get("total", 0), "key_over": number < given.get("over", 0)}
        made.append(row | flags | keys)
    return made


def targets(ask: Ask, rows: list[Given]) -> Found:
    """The target score alone: nothing from society and leaders."""
    found = first(ask, HANGZHOU, {"targets": rows, "social": 0, "leaders": 0})
    score = found["values"]["target_score"]
    assert found["components"]["targets"] == score["score"]
    return {
        "weighted": score["weighted"], "base95": score["base"], "bonus5": score["bonus"],
        "score100": score["score"], "score45": found["total_exact"],
    }  # fmt: skip


def challenge_met(ask: Ask, given: Given) -> Found:
    before = items(given)
    after = [*before[:2], {**before[2], "challenge_met": True}, before[3]]
    found = targets(ask, after)
    gain = Decimal(found["base95"]) - Decimal(targets(ask, before)["base95"])
    return {**found, "gain": gain}


def done(*, over: bool | None) -> Callable[[Ask, Given], Found]:
    row = {"weight": 50, "achievement": 1, "measure": 1, "key": over is not None, "key_over": bool(over)}
    return lambda ask, given: targets(ask, [row, row])


def leaders(ask: Ask, given: Given) -> Found:
    found: Found = ask.decide("leader_score", {"scores": given["scores"], "scheme": scheme(HANGZHOU)})
    return found


def total(ask: Ask, given: Given) -> Found:
    """Everything unrounded from the marks on: rounding twice would lose the last digit."""
    mean = leaders(ask, {"scores": given["leaders"]})["mean"]
    third = given["third"]
    rubric = {"难度": [given["难度"]], "效度": [Decimal(given["效度"]) / 3], "第三项": [third]}
    inputs = {"rubric": {**rubric, "verified": [given["verify"]]}, "scheme": scheme(HANGZHOU)}
    bonus = ask.decide("rubric_score", inputs)["bonus"]
    score = Decimal("0.95") * Decimal(given["weighted"]) + 5 * Decimal(given["over"]) / Decimal(
        given["total"]
    )
    achieved_mark = (Decimal(given["weighted"]) / 100).quantize(Decimal("1e-9"))
    row = {"weight": 1, "achievement": achieved_mark, "measure": achieved_mark}
    keys, over = int(given["total"]), int(given["over"])
    rows = [{**row, "key": True, "key_over": number < over} for number in range(keys)]
    unit = {"targets": rows, "social": given["social100"], "leaders": mean, "innovation": bonus}
    found = first(ask, HANGZHOU, unit)
    assert abs(Decimal(found["components"]["targets"]) - score) < Decimal("1e-7")
    parts = found["values"]["total_score"]
    return {
        "target": Decimal(found["components"]["targets"]) * 45 / 100,
        "social": Decimal(found["components"]["social"]) / 2,
        "leader": found["components"]["leaders"],
        "before_bonus": parts["base"],
        "total": found["total_exact"],
    }
