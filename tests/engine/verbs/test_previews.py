"""What a verb leads to is told before it happens, and nothing of it stays."""

import pytest
from sqlalchemy import text

from engine.verbs import door
from engine.verbs.effects import Effect
from engine.verbs.refusals import Invalid, NotAllowed
from engine.verbs.visit import Request
from tests.engine.runtime.world import World, in_a_row, user
from tests.engine.verbs.voting_city import approve, begin, rows

STEPS = in_a_row(
    user("fill", "unit.liaison"),
    user("check", "unit.head", form_id="review", outcomes="approve:同意,return:退回", verbs="return_to"),
    user("confirm", "assessor.office.reviewer", form_id="review"),
)


def foretold(world: World, login: str, verb: str, element: str, **said: object) -> Effect:
    row = world.item(login, element)
    request = Request(**{"version": row.lock_version, **said})  # type: ignore[arg-type]
    return door.preview(world.engine, world.person(login), row.item_id, verb, request)


def everything(world: World) -> list[object]:
    """All that a verb writes."""
    tables = (
        "instance",
        "work_item",
        "work_event",
        "work_text",
        "variable",
        "audit_entry",
        "notification",
        "job",
    )
    with world.engine.database.read() as connection:
        return [connection.execute(text(f"select * from {one} order by 1")).fetchall() for one in tables]


def test_a_completion_is_foretold_and_nothing_is_changed(world: World) -> None:
    world.deploy(planning=STEPS)
    world.start()
    before = everything(world)
    effect = foretold(world, "ling", "complete", "fill", fields={"value": "49"})
    assert everything(world) == before
    assert [(one.step, one.post_key) for one in effect.opened] == [("办理check", "head")]
    assert [(one.element_id, one.kind) for one in effect.arrives] == [("check", "user")]
    assert effect.sentences[0] == "您的“办理fill”办完。"
    assert effect.sentences[1].startswith("“办理check”交")
    world.complete("ling", "fill", fields={"value": "49"})
    world.complete("tou", "check", outcome="approve")
    last = foretold(world, "kao", "complete", "confirm")
    assert (last.status, last.sentences[-1]) == ("completed", "本流程办结。")


def test_an_outcome_that_needs_an_opinion_is_foretold_before_it_is_written(world: World) -> None:
    """The effect comes first: it had been refused until the opinion was there."""
    outcomes = {"outcomes": "approve:同意,reject:不同意", "opinion": "required:reject"}
    world.deploy(planning=in_a_row(user("check", "unit.head", **outcomes)))
    world.start()
    assert foretold(world, "tou", "complete", "check", outcome="reject").status == "completed"
    with pytest.raises(Invalid, match="请填写意见"):
        world.complete("tou", "check", outcome="reject")


def test_a_return_is_foretold_before_its_reason_is_written(world: World) -> None:
    world.deploy(planning=STEPS)
    world.start()
    world.complete("ling", "fill")
    effect = foretold(world, "tou", "return_to", "check", target="fill", straight_back=False)
    assert [one.element_id for one in effect.leaves] == ["check"]
    assert [one.element_id for one in effect.arrives] == ["fill"]
    assert [(one.element_id, one.person) for one in effect.superseded] == [("fill", "张玲")]
    assert "以下意见不再有效，仍留在办理过程中：办理fill（张玲）。" in effect.sentences


def test_a_deciding_vote_tells_whose_work_the_system_closes(world: World) -> None:
    begin(world, "any")
    effect = foretold(world, "ling", "complete", "sign", outcome="approve")
    assert len(effect.closed) == 3
    assert sum("由系统关闭" in one for one in effect.sentences) == 2
    begin(world, "all")
    item = rows(world, "lu")[-1]
    request = Request(version=1, outcome="approve")
    stays = door.preview(world.engine, world.person("lu"), item.item_id, "complete", request)
    assert [one.step for one in stays.closed] == ["办理sign"]
    assert stays.leaves == ()


def test_a_refusal_is_the_same_in_a_preview_and_names_what_is_possible(world: World) -> None:
    begin(world, "all", verbs="add_signer")
    approve(world, "ling")
    item = rows(world, "tou")[0]
    for do in (door.act, door.preview):
        with pytest.raises(NotAllowed) as refused:
            do(
                world.engine,
                world.person("tou"),
                item.item_id,
                "return_to",
                Request(version=1, opinion="不妥"),
            )
        assert refused.value.hint == "现在可以：办理、加签。"
