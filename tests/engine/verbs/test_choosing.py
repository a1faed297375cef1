"""选择下一办理人: who may be chosen, what the choice does, and when it counts no more."""

from typing import Any

import pytest

from engine.verbs.refusals import Invalid
from engine.verbs.showing.view import view
from engine.work.chosen import read_chosen
from tests.databases import ON_SQLITE
from tests.engine.runtime.world import World, in_a_row, user

STAFF = '= holders(post(assessor, "office.staff"))'


def begun(world: World, **check: Any) -> str:
    """`enter` may choose who does `check`; `sign` may send back to it."""
    world.deploy(
        planning=in_a_row(
            user("enter", "assessor.office.staff", nextHandler=f"check → {STAFF}"),
            user("check", "unit.head", **check),
            user("sign", "unit.vice_head", verbs="return_to"),
        )
    )
    return world.start()


def offered(world: World, login: str) -> list[str]:
    shown = view(world.engine, world.person(login), world.item(login, "enter").item_id)
    (choice,) = shown.next_handlers
    assert (choice.element_id, choice.step) == ("check", "办理check")
    return [one.name for one in choice.offered]


def test_the_chosen_person_gets_the_step_and_history_keeps_the_choice(world: World) -> None:
    instance = begun(world)
    assert offered(world, "ban1") == ["郑一", "冯二"]
    world.complete("ban1", "enter", next_handlers={"check": world.people["ban2"]})
    assert world.item("ban2", "check").item_id
    assert world.inbox("tou") == []
    (done,) = [one for one in world.events(instance) if one.verb == "complete"]
    assert [(one.element_id, one.name) for one in read_chosen(done.chosen_text)] == [("check", "冯二")]


@ON_SQLITE
def test_without_a_choice_the_diagram_decides(world: World) -> None:
    begun(world)
    world.complete("ban1", "enter", next_handlers={"check": ""})
    assert world.item("tou", "check").item_id


@ON_SQLITE
def test_a_step_that_comes_back_stays_with_who_was_chosen(world: World) -> None:
    begun(world)
    world.complete("ban1", "enter", next_handlers={"check": world.people["ban2"]})
    world.complete("ban2", "check")
    world.act("lu", "return_to", "sign", target="check", opinion="请复核")
    assert world.item("ban2", "check").round == 2


@ON_SQLITE
def test_done_anew_without_a_choice_the_earlier_one_counts_no_more(world: World) -> None:
    begun(world)
    world.complete("ban1", "enter", next_handlers={"check": world.people["ban2"]})
    world.complete("ban2", "check")
    world.act("lu", "return_to", "sign", target="enter", opinion="重来", straight_back=False)
    world.complete("ban1", "enter")
    assert world.item("tou", "check").item_id


@ON_SQLITE
def test_whom_the_diagram_keeps_apart_is_not_offered(world: World) -> None:
    begun(world, distinct="enter")
    assert offered(world, "ban1") == ["冯二"]


@ON_SQLITE
@pytest.mark.parametrize("step", ["check", "sign", "nowhere"])
def test_who_is_not_offered_is_refused_and_nothing_is_written(world: World, step: str) -> None:
    instance = begun(world)
    with pytest.raises(Invalid, match="请从列出的人选中选择") as refused:
        world.complete("ban1", "enter", next_handlers={step: world.people["tou"]})
    assert [error.field for error in refused.value.errors] == [f"next_handlers.{step}"]
    assert world.said(instance) == []
