"""Each worked example put to the rules: what it gives as the question, and where the answer stands."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from processes.cycle.profile import ProfileRefused, read_profile
from tests.processes.city import ROOT
from tests.processes.evaluation import worked_totals as totals
from tests.processes.evaluation.asking import Ask, scheme
from tests.processes.evaluation.worked_totals import HANGZHOU, Found, Given


def service_weight(ask: Ask, given: Given) -> Found:
    plan = {
        "targets": 1, "functions": 1, "weightsGiven": 0, "weightSum": 0, "weightTotal": 100,
        "weightTolerance": Decimal("0.001"), "withoutPerson": 0, "withoutMeasures": 0, "openObjections": 0,
        "serviceWeight": Decimal(given["weight_pct"]),
    }  # fmt: skip
    inputs = {"plan": plan, "cycle": {"profile": "shenzhen_2010"}}
    return {"valid": not ask.decide("indicator_check", inputs)}


def outside_share(ask: Ask, given: Given) -> Found:
    return {"valid": [_loads(*map(str, case)) for case in given["cases"]]}


def _loads(external: str, survey: str) -> bool:
    text = (ROOT / "processes/profiles/shenzhen_2010.yaml").read_text("utf-8")
    start, end = text.index("\ncomposition:") + 1, text.index("\nlimits:") + 1
    parts = f"""composition:
  electronic: {{weight: {100 - Decimal(external)}, label: 内部}}
  survey: {{weight: {survey}, label: 调查, external: true, survey: true}}
  epoll: {{weight: {Decimal(external) - Decimal(survey)}, label: 民调, external: true}}
"""
    try:
        read_profile((text[:start] + parts + text[end:]).encode(), file="city.yaml")
    except ProfileRefused:
        return False
    return True


def quota_of_49(ask: Ask, given: Given) -> Found:
    units = [{"unit": str(number)} for number in range(int(given["units"]))]
    seats = ask.decide("seats", {"units": units, "scheme": scheme("zhangjiajie_2009")})
    assert Decimal(seats) == given["excellent"]
    return {"excellent_pct": Decimal(seats) * 100 / len(units)}


def achieved(ask: Ask, given: Given) -> Found:
    result = {"target": given["target"], "actual": given["actual"], "direction": given["dir"]}
    return {"实现程度": ask.decide("achievement", {"result": result})}


def challenge(ask: Ask, given: Given) -> Found:
    asked = {**given, "direction": given["dir"]}
    found: Found = {}
    for mode in ("and", "or"):
        inputs = {"challenge": asked, "scheme": scheme(HANGZHOU, challenge={"mode": mode})}
        said = ask.decide("challenge_qualify", inputs)
        found |= {"H": said["horizontal"], "V": said["vertical"], mode.upper(): said["qualified"]}
    growth = ask.decide("challenge_vertical", {"challenge": asked, "scheme": scheme(HANGZHOU)})
    return {**found, "growth_pct": growth["growth_pct"]}


def satisfaction(ask: Ask, given: Given) -> Found:
    inputs = {"answers": {"counts": given["counts"]}, "scheme": scheme(HANGZHOU)}
    said = ask.decide("satisfaction", inputs)
    return {**said, "pass85": said["pass"]}


def averages(ask: Ask, given: Given) -> Found:
    layers = [{"counts": counts} for counts in given["items"]]
    means, passed = {}, {}
    for reading in ("items", "pooled"):
        inputs = {"layers": layers, "scheme": scheme(HANGZHOU, survey={"average": reading})}
        means[reading] = ask.decide("average_satisfaction", inputs)
        passed[reading] = ask.decide("average_pass", inputs)
    assert passed["items"] == passed["pooled"]
    return {"mean_of_items": means["items"], "pooled": means["pooled"], "pass85": passed["items"]}


def strata(ask: Ask, given: Given) -> Found:
    layers = [
        {"weight": weight, "counts": counts}
        for weight, counts in zip(given["w"], given["counts"], strict=True)
    ]
    said = ask.decide("layered_score", {"layers": layers, "scheme": scheme(HANGZHOU)})
    return {"layer_scores": [layer["score"] for layer in said["layers"]], "score": said["score"]}


def innovation(ask: Ask, given: Given) -> Found:
    rubric = {
        "难度": given["难度"],
        "效度": given["效度"],
        "第三项": given["third"],
        "verified": given["核验"],
    }
    said = ask.decide("rubric_score", {"rubric": rubric, "scheme": scheme(HANGZHOU)})
    return {**said, "trim": [part["mean"] for part in said["trim"]]}


def standard_scores(ask: Ask, given: Given) -> Found:
    rows = ask.decide("normalised_scores", {"scores": [given["expertA"], given["expertB"]]})
    names = {row["project"]: f"P{row['project']}" for row in rows}

    def ranked(by: str) -> list[str]:
        return [names[row["project"]] for row in sorted(rows, key=lambda row: int(row[by]))]

    return {
        "raw_mean": [row["raw"] for row in rows], "z_mean": [row["z"] for row in rows],
        "raw_rank": ranked("raw_rank"), "z_rank": ranked("z_rank"),
    }  # fmt: skip


def awards(ask: Ask, given: Given) -> Found:
    places = ask.decide("award_places", {"entries": given["N"], "scheme": scheme(HANGZHOU)})
    short = {"创新奖": "创新奖", "创新提名奖": "提名奖", "创新鼓励奖": "鼓励奖"}
    return {short[place["award"]]: place["places"] for place in places}


def no_squeeze(ask: Ask, given: Given) -> Found:
    units = []
    for name, pre in given["pre"].items():
        bonus = Decimal(given["bonus"].get(name, "0"))
        before = Decimal(pre)
        units.append({"unit": name, "pre": before, "score": before + bonus, "bonus": bonus, "vetoed": False})
    quota = {"way": "quota", "rounding": "fixed", "share": given["quota"]}
    inputs = {"units": units, "scheme": scheme(HANGZHOU, grades=quota)}
    said = ask.decide("no_squeeze", inputs)
    return {
        "cutoff": ask.decide("cutoff", inputs)["line"],
        "final": {place["unit"]: place["score"] for place in said["places"]},
        "advanced": said["advanced"],
        "count": said["count"],
    }


def civil(ask: Ask, given: Given) -> Found:
    profile = {"2010": "shenzhen_2010", "1+3": "shenzhen_2008"}[given["rule"]]
    record = {"grade": given["grade"], "streak": given["streak"], "staff": given["staff"]}
    base = {"base": given["base_pct"]}
    found: Found = ask.decide("civil_ratio", {"record": record, "scheme": scheme(profile, civil=base)})
    return found


def light(ask: Ask, given: Given) -> Found:
    progress = {**given, "kind": "count", "milestone": None, "direction": "up", "late_days": 0}
    inputs = {"progress": progress, "scheme": scheme(HANGZHOU)}
    deviation = ask.decide("deviation", inputs)
    return {
        "plan": ask.decide("planned", inputs),
        "dev_pct": deviation["pct"],
        "light": ask.decide("deviation_light", inputs)["light"],
    }


def three_rates(ask: Ask, given: Given) -> Found:
    assert given["total"] == 100
    return {"score": ask.decide("three_rates", {"record": given, "scheme": scheme(HANGZHOU)})}


def hotline(ask: Ask, given: Given) -> Found:
    said = []
    for index, cases in given["cases"]:
        record = {"index": index, "cases": cases, "last": True}
        one = ask.decide("hotline_status", {"record": record, "scheme": scheme(HANGZHOU)})
        said.append(one["status"] + ("→黄牌(末位)" if one["card"] else ""))
    return {"status": said}


ROUTES: Mapping[str, Callable[[Ask, Given], Found]] = {
    "SZ2010": totals.shenzhen_2010,
    "SZ2008-check": totals.internal_needed,
    "SZ2008": totals.shenzhen_2008,
    "SZ-DEPT": totals.department,
    "SZ-DIST": totals.district,
    "SZ-CHAIN": totals.chain,
    "SZ-SVC": service_weight,
    "SZ-EXT": outside_share,
    "ZJJ-STAT": quota_of_49,
    "ZJJ": totals.zhangjiajie,
    "HZ-TARGET-1": lambda ask, given: totals.targets(ask, totals.items(given)),
    "HZ-TARGET-2": totals.challenge_met,
    "HZ-TARGET-3": totals.done(over=None),
    "HZ-TARGET-4": totals.done(over=True),
    "HZ-ACH": achieved,
    "HZ-CHAL": challenge,
    "RECT-AVG": averages,
    "RECT": satisfaction,
    "SURVEY-SCORE": satisfaction,
    "SURVEY-STRATA": strata,
    "LEADER": totals.leaders,
    "INNO-1": innovation,
    "INNO-Z": standard_scores,
    "INNO-QUOTA": awards,
    "INNO-NOSQUEEZE": no_squeeze,
    "HZ-TOTAL": totals.total,
    "QUOTA": civil,
    "MON": light,
    "RATE3": three_rates,
    "HZ12345": hotline,
}
"""By the beginning of the example's id; the first that fits."""
NO_RULE = {
    "HZ-HOUSING-SUM": "a sum of table 1, checked with the data",
    "REPORT-DL": "a deadline in working days, the calendar's",
}
OBSERVED = {"ZJJ-STAT": ("indicators", "per_unit"), "INNO-NOSQUEEZE": ("naive_top2",)}
"""Figures of an example that no rule gives: what was observed, what a wrong rule would have given."""


def route_of(example: str) -> Callable[[Ask, Given], Found]:
    return next(route for beginning, route in ROUTES.items() if example.startswith(beginning))


def fits(expected: Any, found: Any) -> bool:
    """The same figure to the last digit that the example gives, rounded half up; text as it is."""
    if isinstance(expected, Mapping):
        return all(fits(one, found[key]) for key, one in expected.items())
    if isinstance(expected, list):
        return len(expected) == len(found) and all(map(fits, expected, found))
    if isinstance(expected, bool) or isinstance(found, bool):
        return expected is found
    number = _number(expected)
    if number is None:
        return bool(expected == found)
    places = number.as_tuple().exponent
    assert isinstance(places, int)
    return Decimal(str(found)).quantize(Decimal(1).scaleb(places), rounding="ROUND_HALF_UP") == number


def _number(value: Any) -> Decimal | None:
    try:
        return Decimal(str(value))
    except ArithmeticError:
        return None
