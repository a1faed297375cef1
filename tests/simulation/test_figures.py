"""What units reach and say of their figures, and when they sit down to their tasks."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from engine.clock import ZONE
from processes.simulation.chance import Chance
from processes.simulation.characters import Character
from processes.simulation.city import Body, VirtualCity
from processes.simulation.desk import OpenItem
from processes.simulation.figures import Goal, claimed, goal_of, performance, reached, text
from processes.simulation.pace import LATEST, sits_down

MORNING = datetime(2018, 5, 7, 1, 0, tzinfo=UTC)
"""A Monday, at nine in the city."""


def body(role: str = "ordinary", *, pace: float = 0.5, result: float = 0.95) -> Body:
    return Body("u", "U01", "市直单位01", True, Character(role, pace, 1.0, result, 0.8))


def item(whose: str | None, post: str, *, days: int | None) -> OpenItem:
    due = date(2018, 5, 7) + timedelta(days=days) if days is not None else None
    return OpenItem(
        *("item", "instance", "process", "step", ("place",), whose, whose, post, None),
        claim_first=False,
        due_on=due,
        created_at=MORNING,
        version=1,
        round=1,
        returned=False,
    )


def city_of(one: Body) -> VirtualCity:
    return VirtualCity("city", "cycle", 2018, {one.id: one}, {}, {}, {one.id: one.code}, {})


@pytest.mark.parametrize(
    ("shown", "goal"),
    [
        ("≤49μg/m³", Goal(Decimal(49), True)),
        ("120项", Goal(Decimal(120), False)),
        ("-2.5%", Goal(Decimal("-2.5"), False)),
        ("累计增量，等待考评办确定年度值", None),
    ],
)
def test_a_goal_is_read_as_forms_show_it(shown: str, goal: Goal | None) -> None:
    assert goal_of(shown) == goal


def test_who_reaches_less_reports_more_where_less_is_better() -> None:
    assert reached(Goal(Decimal(100), False), Decimal("0.9")) == Decimal("90.00")
    assert reached(Goal(Decimal(49), True), Decimal("0.98")) == Decimal("50.00")
    half = reached(Goal(Decimal(120), False), Decimal("0.9"), share=Decimal(6) / 12)
    assert (half, text(half)) == (Decimal("54.00"), "54")


def test_only_who_cheats_claims_more_than_is_true() -> None:
    chance = Chance(7)
    honest, cheat = body(), body("cheat", result=0.8)
    assert claimed(honest, "办件", chance) == performance(honest, "办件", chance)
    assert claimed(cheat, "办件", chance) >= Decimal("1.02") > performance(cheat, "办件", chance)


def test_who_declares_a_challenge_works_harder_for_it() -> None:
    chance, plain = Chance(7), body()
    nature = Character("ordinary", 0.5, 1.0, 0.95, 0.8, ambitious=True)
    keen = Body("u", "U01", "市直单位01", True, nature)
    assert performance(keen, "办件", chance) - performance(plain, "办件", chance) == Decimal("0.0600")


def test_nobody_sits_down_before_the_task_is_there_or_at_a_weekend() -> None:
    for seed in range(60):
        one = body(pace=0.1 + seed / 50)
        at = sits_down(item("u", "liaison", days=20), city_of(one), Chance(seed))
        assert at >= MORNING
        assert at == MORNING or at.astimezone(ZoneInfo(ZONE)).weekday() < 5
        assert at <= MORNING + timedelta(days=20 + LATEST + 3)


def test_the_late_unit_is_late_and_the_quick_one_is_not() -> None:
    due = datetime(2018, 5, 27, 16, 0, tzinfo=UTC)
    late = [
        sits_down(item("u", "liaison", days=20), city_of(body(pace=1.5)), Chance(seed)) for seed in range(9)
    ]
    quick = [
        sits_down(item("u", "liaison", days=20), city_of(body(pace=0.3)), Chance(seed)) for seed in range(9)
    ]
    assert all(at > due for at in late) and all(at < due for at in quick)


def test_the_office_and_signers_take_a_day_or_two() -> None:
    for seed in range(30):
        office = sits_down(item("city", "office.staff", days=20), city_of(body()), Chance(seed))
        head = sits_down(item("u", "head", days=20), city_of(body(pace=3)), Chance(seed))
        assert office <= MORNING + timedelta(days=3) and head <= MORNING + timedelta(days=2)
