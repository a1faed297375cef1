"""What holds for every city: more is never less, a quota is a quota, order and names decide nothing."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processes.evaluation.scoring import UnitScore
from tests.processes.evaluation.cities import Row, by_name, scored

MARK = st.integers(0, 400).map(lambda number: Decimal(number) / 4)
SMALL = st.integers(0, 8).map(lambda number: Decimal(number) / 4)
UNITS = st.integers(1, 12)
FEW = settings(max_examples=20, deadline=None)
PARTS = {
    "shenzhen_2010": ("electronic", "leaders", "survey", "epoll"),
    "shenzhen_2008": ("internal", "external"),
    "zhangjiajie_2009": ("indicators", "public", "internal"),
}


@st.composite
def rows_of(draw: st.DrawFn, profile: str) -> list[Row]:
    """Some units with marks that often meet, so that ties are common."""
    return [draw(row_of(profile, f"单位{number}")) for number in range(draw(UNITS))]


@st.composite
def row_of(draw: st.DrawFn, profile: str, name: str) -> Row:
    row: Row = {"unit": name, "group": draw(st.sampled_from("一二"))}
    if profile == "hangzhou_13fyp":
        targets = [draw(target()) for _ in range(draw(st.integers(1, 3)))]
        marks = {"social": draw(MARK), "leaders": draw(SMALL), "innovation": draw(SMALL)}
        return {**row, "targets": targets, **marks}
    row |= {part: draw(MARK) for part in PARTS[profile]}
    if profile == "zhangjiajie_2009":
        row |= {"plus": draw(MARK), "minus": draw(MARK), "veto": draw(st.booleans())}
    return row


@st.composite
def target(draw: st.DrawFn) -> Row:
    share = st.integers(0, 4).map(lambda number: Decimal(number) / 4)
    numbers = {"weight": draw(st.integers(1, 9)), "achievement": draw(share), "measure": draw(share)}
    flags = {name: draw(st.booleans()) for name in ("challenge", "challenge_met", "key", "key_over")}
    return {**numbers, **flags}


def outcome(unit: UnitScore) -> tuple[Any, ...]:
    return (unit.total_exact, unit.total, unit.rank, unit.zone, unit.grade, unit.promoted)


every_profile = pytest.mark.parametrize("profile", [*PARTS, "hangzhou_13fyp"])


@every_profile
@FEW
@given(data=st.data())
def test_neither_order_nor_names_change_anything(profile: str, data: st.DataObject) -> None:
    rows = data.draw(rows_of(profile))
    found = by_name(scored(profile, rows))
    order = data.draw(st.permutations(rows))
    renamed = {row["unit"]: f"{len(rows) - place:02}" for place, row in enumerate(rows)}
    other = by_name(scored(profile, [{**row, "unit": renamed[row["unit"]]} for row in order]))
    for name, unit in found.items():
        assert outcome(unit) == outcome(other[renamed[name]])


@every_profile
@FEW
@given(data=st.data())
def test_a_better_mark_never_lowers_the_total_or_the_rank(profile: str, data: st.DataObject) -> None:
    rows = data.draw(rows_of(profile))
    parts = PARTS.get(profile, ("social",))
    part = data.draw(st.sampled_from(parts))
    better = {**rows[0], part: min(Decimal(100), rows[0][part] + data.draw(MARK))}
    before, after = scored(profile, rows).units[0], scored(profile, [better, *rows[1:]]).units[0]
    assert after.total_exact >= before.total_exact
    assert after.rank <= before.rank


@FEW
@given(data=st.data())
def test_a_better_target_never_lowers_the_total(data: st.DataObject) -> None:
    row = data.draw(row_of("hangzhou_13fyp", "甲"))
    first = row["targets"][0]
    field = data.draw(st.sampled_from(["achievement", "measure", "challenge_met", "key_over"]))
    better = {**first, field: True if isinstance(first[field], bool) else 1}
    [before] = scored("hangzhou_13fyp", [row]).units
    [after] = scored("hangzhou_13fyp", [{**row, "targets": [better, *row["targets"][1:]]}]).units
    assert after.total_exact >= before.total_exact
    assert 0 <= Decimal(str(after.components["targets"])) <= 100


@FEW
@given(rows=rows_of("zhangjiajie_2009"), scope=st.sampled_from(["all", "group"]))
def test_the_quota_is_never_exceeded(rows: list[Row], scope: str) -> None:
    result = scored("zhangjiajie_2009", rows, grades={"scope": scope})
    for group in {"all": [""], "group": ["一", "二"]}[scope]:
        members = [unit for unit in result.units if group in ("", unit.group)]
        assert sum(unit.grade == "优秀" for unit in members) <= -(-len(members) // 4)
    vetoed = {row["unit"] for row in rows if row["veto"]}
    assert not [unit for unit in result.units if unit.grade == "优秀" and unit.unit in vetoed]


@FEW
@given(rows=rows_of("hangzhou_13fyp"))
def test_only_innovation_exceeds_the_quota_and_it_costs_nobody_a_place(rows: list[Row]) -> None:
    found = by_name(scored("hangzhou_13fyp", rows))
    plain = by_name(scored("hangzhou_13fyp", [{**row, "innovation": 0} for row in rows]))
    seated = {name for name, unit in found.items() if unit.grade == "先进" and not unit.promoted}
    assert len(seated) <= -(-len(rows) // 4)
    assert seated == {name for name, unit in plain.items() if unit.grade == "先进"}
    for row in rows:
        assert not (found[row["unit"]].promoted and row["innovation"] == 0)


@every_profile
@FEW
@given(data=st.data())
def test_ranks_follow_scores(profile: str, data: st.DataObject) -> None:
    result = scored(profile, data.draw(rows_of(profile)))
    for one in result.units:
        better = [unit for unit in result.units if unit.group == one.group]
        assert one.rank == 1 + sum(unit.total_exact > one.total_exact for unit in better)


@FEW
@given(rows=rows_of("zhangjiajie_2009"), scale=st.sampled_from([100, 200, 1000]))
def test_the_scale_stretches_the_base_and_not_the_points(rows: list[Row], scale: int) -> None:
    on_100 = scored("zhangjiajie_2009", rows, total={"scale": Decimal(100)})
    scaled = scored("zhangjiajie_2009", rows, total={"scale": Decimal(scale)})
    for one, other in zip(on_100.units, scaled.units, strict=True):
        points = Decimal(str(one.components["plus"])) - Decimal(str(one.components["minus"]))
        assert other.total_exact - points == (one.total_exact - points) * scale / 100
