"""What signers fill in: checked for each, written once when the step is decided, with everybody's at hand."""

from decimal import Decimal
from typing import Any

import pytest

from engine.runtime.engine import Engine
from engine.store import Database
from engine.verbs.refusals import Invalid
from engine.work.bindings import Bindings, FieldError, FormData, StepContext
from tests.engine.runtime.world import World, accept_all, build_world
from tests.engine.verbs.voting_city import LOGINS, approve, begin, refuse, rows, variables


class Marks:
    """A record that notes what it was given."""

    def __init__(self) -> None:
        self.checked: list[tuple[str, FormData]] = []
        self.written: list[tuple[str, FormData]] = []
        self.signatures: list[tuple[str, bool, FormData]] = []

    def read(self, step: StepContext) -> FormData:
        return {}

    def check(self, step: StepContext, data: FormData, *, outcome: str) -> list[FieldError]:
        self.checked.append((outcome, data))
        low = data.get("mark", 0) < 0
        return [FieldError("mark", "too_low", "分数不能小于 0。")] if low else []

    def write(self, step: StepContext, data: FormData, *, outcome: str) -> dict[str, Any]:
        self.written.append((outcome, data))
        self.signatures = [(one.outcome, one.approves, one.data) for one in step.signatures]
        return {"mean": sum((one.data["mark"] for one in step.signatures), Decimal(0)) / len(step.signatures)}


@pytest.fixture
def marks() -> Marks:
    return Marks()


@pytest.fixture
def world(database: Database, marks: Marks) -> World:
    made = build_world(database)
    bindings = Bindings(services={}, records={"marks": marks}, check_form=accept_all)
    made.engine = Engine(database, clock=made.clock, bindings=bindings)
    return made


def test_the_record_is_written_once_with_what_everybody_said(world: World, marks: Marks) -> None:
    begin(world, "all", record="marks")
    for login, mark in zip(LOGINS, (90, 80, 85), strict=True):
        approve(world, login, fields={"mark": Decimal(mark)})
    assert len(marks.checked) == 3
    assert marks.written == [("approve", {"mark": Decimal(85)})]
    assert [data["mark"] for _, _, data in marks.signatures] == [90, 80, 85]


def test_a_wrong_form_is_refused_to_the_signer_and_counts_for_nothing(world: World, marks: Marks) -> None:
    begin(world, "all", record="marks")
    with pytest.raises(Invalid):
        approve(world, "lu", fields={"mark": Decimal(-1)})
    assert (len(rows(world, "lu")), marks.written) == (1, [])
    assert world.scalar("select count(*) from work_event") == 0


def test_the_form_of_the_deciding_side_is_stored(world: World, marks: Marks) -> None:
    """The last signer approved, yet the step is returned: what they filled in was checked as an approval."""
    instance = begin(world, "all", reject="count", record="marks")
    refuse(world, "lu", fields={"mark": Decimal(40)})
    approve(world, "ling", fields={"mark": Decimal(90)})
    approve(world, "tou", fields={"mark": Decimal(95)})
    assert marks.written == [("return", {"mark": Decimal(40)})]
    assert variables(world, instance)["outcome"] == "return"


def test_without_a_decision_by_vote_nothing_is_written(world: World, marks: Marks) -> None:
    begin(world, "ratio:0.6", record="marks")
    approve(world, "tou", fields={"mark": Decimal(70)})
    assert marks.written == []
