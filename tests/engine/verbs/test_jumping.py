"""跳转: the office moves a token, with the reason, by the rules of 退回 or on along its own way."""

import pytest

from engine.runtime.steps.rows import read_instance
from engine.runtime.steps.step import look_at
from engine.verbs.refusals import Invalid, NotAllowed
from engine.verbs.showing.view import view
from engine.verbs.tokens.jumping import movable
from tests.engine.bpmn.lint_diagrams import END, START, diagram, flow
from tests.engine.runtime.world import SUBJECT, World, in_a_row, user
from tests.engine.verbs.upon import foreseen, upon

ROW = in_a_row(
    user("fill", "unit.liaison"),
    user("review", "unit.vice_head"),
    user("sign", "unit.head", verbs="return_to"),
)


def block() -> bytes:
    """fill, then left beside right, then sign."""
    return diagram(
        SUBJECT, START, user("fill", "unit.liaison"), '<bpmn:parallelGateway id="fork" name="" />',
        user("left", "unit.vice_head"), user("right", "assessor.office.reviewer"),
        '<bpmn:parallelGateway id="join" name="" />', user("sign", "unit.head", verbs="return_to"), END,
        flow("f0", "begun", "fill"), flow("f1", "fill", "fork"), flow("f2", "fork", "left"),
        flow("f3", "fork", "right"), flow("f4", "left", "join"), flow("f5", "right", "join"),
        flow("f6", "join", "sign"), flow("f7", "sign", "done"),
    )  # fmt: skip


def landings(world: World, instance: str) -> dict[str, list[str]]:
    with world.engine.database.read() as connection:
        step = look_at(world.engine.setup, connection, read_instance(connection, instance))
        return {one.element_id: [land.element_id for land in one.landings] for one in movable(step)}


def test_back_and_on_along_the_only_way_with_the_reason_on_the_task(world: World) -> None:
    world.deploy(planning=ROW)
    instance = world.start()
    world.complete("ling")
    assert landings(world, instance) == {"review": ["fill", "sign"]}
    seen = foreseen(world, "kao", "jump", instance, target="fill")
    assert [(one.step, one.who) for one in seen.opened] == [("办理fill", "市旅游委员会 · 联络员")]
    assert [one.step for one in seen.closed] == ["办理review"]
    upon(world, "kao", "jump", instance, "口径有变", target="fill")
    item = world.item("ling")
    assert (item.element_id, item.round) == ("fill", 2)
    assert view(world.engine, world.person("ling"), item.item_id).return_reason == "口径有变"
    events = {(e.verb, e.element_id): e for e in world.events(instance) if e.verb != "supersede"}
    assert events["complete", "fill"].superseded
    assert (events["jump", "review"].text, events["jump", "review"].target_element_id) == ("口径有变", "fill")
    upon(world, "kao", "jump", instance, "分管领导出差", target="sign")
    assert world.item("tou").element_id == "sign"
    world.complete("tou")
    assert world.status(instance) == "completed"


def test_into_a_closed_block_the_whole_block_is_opened_again_at_its_fork(world: World) -> None:
    """Never one branch alone: it would leave two live tokens, or hang (flowable-engine #1641, #3864)."""
    world.deploy(planning=block())
    instance = world.start()
    for login in ("ling", "lu", "kao"):
        world.complete(login)
    seen = foreseen(world, "kao", "jump", instance, target="left")
    assert {one.step for one in seen.opened} == {"办理left", "办理right"}
    assert "“办理left”所在的并行块或子流程整个重新打开，其中各步都要重办。" in seen.sentences
    upon(world, "kao", "jump", instance, target="left")
    assert (world.item("lu").round, world.item("kao").round) == (2, 2)
    world.complete("lu")
    world.complete("kao")
    world.act("tou", "return_to", opinion="右边也看看", target="right", straight_back=False)
    assert (world.item("lu").round, world.item("kao").round) == (3, 3), "退回 does the same"
    for login in ("lu", "kao", "tou"):
        world.complete(login)
    assert world.status(instance) == "completed"


def test_never_into_one_branch_of_an_open_block_nor_over_its_join(world: World) -> None:
    """A join that only one branch can reach waits for ever (ruoyi-vue-pro #867)."""
    world.deploy(planning=block())
    instance = world.start()
    assert landings(world, instance) == {"fill": ["sign"]}
    for target in ("left", "right"):
        with pytest.raises(Invalid, match="可以移到：“办理sign”"):
            upon(world, "kao", "jump", instance, target=target)
    world.complete("ling")
    assert landings(world, instance) == {"left": ["fill"], "right": ["fill"]}
    with pytest.raises(Invalid, match="可以移到"):
        upon(world, "kao", "jump", instance, target="sign")
    with pytest.raises(Invalid, match="有几处都可以移到那里"):
        upon(world, "kao", "jump", instance, target="fill")
    upon(world, "kao", "jump", instance, target="fill", token="left")
    assert world.item("ling").round == 2 and world.inbox("lu") == []


def test_only_the_office_and_only_with_a_reason(world: World) -> None:
    world.deploy(planning=ROW)
    instance = world.start()
    world.complete("ling")
    with pytest.raises(NotAllowed, match="由考评办办理"):
        upon(world, "tou", "jump", instance, target="fill")
    with pytest.raises(Invalid, match="请写明跳转的理由"):
        upon(world, "kao", "jump", instance, "", target="fill")
    assert world.item("lu").element_id == "review"


def test_where_the_diagram_would_fail_the_office_reads_so_before(world: World) -> None:
    group = user("sign", "nobody.head")
    world.deploy(planning=in_a_row(user("fill", "unit.liaison"), group))
    instance = world.start()
    said = foreseen(world, "kao", "jump", instance, target="sign").sentences
    assert any("流程会停在“办理sign”，成为一件异常" in one for one in said), said
    assert world.item("ling").element_id == "fill" and world.scalar("select count(*) from incident") == 0
