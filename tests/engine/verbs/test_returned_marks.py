"""退回: the task says that it was sent back, and why, whenever it opens; 撤回 gives it back as it was."""

from engine.verbs.showing.view import view
from engine.work.bindings import reads_only
from tests.engine.bpmn.lint_diagrams import END, START, diagram, flow, line_up
from tests.engine.runtime.world import SUBJECT, World, in_a_row, service, user
from tests.engine.verbs.test_taking_back import back
from tests.engine.verbs.upon import upon

FORK = '<bpmn:parallelGateway id="fork" name="" />'
JOIN = '<bpmn:parallelGateway id="join" name="" />'


def mark(world: World, login: str, element: str) -> tuple[str | None, str | None, str | None]:
    """From where the task was sent back, the reason on its page, and to where it goes straight back."""
    shown = view(world.engine, world.person(login), world.item(login, element).item_id)
    return shown.item.returned_from, shown.return_reason, shown.item.back_to


def counted_first() -> bytes:
    """A subprocess that counts before its task is open; then check."""
    inside = (
        '<bpmn:subProcess id="inside" name="内部"><bpmn:startEvent id="in" name="" />',
        service("count", "test.work"), user("fill", "unit.liaison"), '<bpmn:endEvent id="out" name="" />',
        line_up("in", "count", "fill", "out"), "</bpmn:subProcess>",
    )  # fmt: skip
    check = user("check", "unit.head", verbs="return_to")
    return diagram(SUBJECT, START, *inside, check, END, line_up("begun", "inside", "check", "done"))


def two_in_a_branch() -> bytes:
    """fill then weigh, beside right; then sign."""
    return diagram(
        SUBJECT, START, FORK, user("fill", "unit.liaison"), user("weigh", "unit.vice_head"),
        user("right", "assessor.office.reviewer"), JOIN, user("sign", "unit.head", verbs="return_to"), END,
        line_up("begun", "fork", "fill", "weigh", "join", "sign", "done"),
        flow("beside", "fork", "right"), flow("joined", "right", "join"),
    )  # fmt: skip


def test_a_task_that_opens_only_after_a_service_says_that_it_was_sent_back(world: World) -> None:
    """退回 into a subprocess that counts first: the reason that was asked for was shown to nobody."""
    world.services["test.work"] = reads_only(lambda call: None)
    world.deploy(planning=counted_first())
    instance = world.start()
    world.complete("ling")
    world.act("tou", "return_to", target="fill", opinion="数字有误", straight_back=False)
    world.engine.drain()
    assert mark(world, "ling", "fill") == ("check", "数字有误", None)
    world.complete("ling")
    assert mark(world, "tou", "check")[0] is None
    back(world, "ling", instance)
    assert mark(world, "ling", "fill") == ("check", "数字有误", None)
    world.complete("ling")
    world.complete("tou")
    assert world.status(instance) == "completed"


def test_a_task_behind_another_of_its_block_says_that_it_was_sent_back_once_it_opens(world: World) -> None:
    """The block begins anew at its fork; the task itself opens when the one before it is done."""
    world.deploy(planning=two_in_a_branch())
    instance = world.start()
    for login in ("ling", "lu", "kao"):
        world.complete(login)
    world.act("tou", "return_to", target="weigh", opinion="再核", straight_back=False)
    assert mark(world, "ling", "fill")[0] is None
    for _ in range(2):
        world.complete("ling")
        assert mark(world, "lu", "weigh") == ("sign", "再核", None)
        back(world, "ling", instance)
        assert mark(world, "ling", "fill")[0] is None
    world.complete("ling")
    upon(world, "kao", "jump", instance, "前一步也要改", token="weigh", target="fill")
    world.complete("ling")
    assert mark(world, "lu", "weigh")[0] is None, "it was said once"


def test_a_return_that_is_taken_back_leaves_no_mark_behind(world: World) -> None:
    """The mark waited for a task that nobody had sent back any more."""
    world.deploy(planning=two_in_a_branch())
    instance = world.start()
    for login in ("ling", "lu", "kao"):
        world.complete(login)
    world.act("tou", "return_to", target="weigh", opinion="再核", straight_back=False)
    back(world, "tou", instance)
    world.act("tou", "return_to", target="fill", opinion="重报", straight_back=False)
    assert mark(world, "ling", "fill") == ("sign", "重报", None)
    world.complete("ling")
    assert mark(world, "lu", "weigh")[0] is None


def test_who_had_been_sent_it_back_and_sends_it_back_further_has_it_as_it_was(world: World) -> None:
    """撤回 of a 退回: one's own task had forgotten that it had itself been sent back, and why."""
    steps = user("fill", "unit.liaison"), user("check", "unit.vice_head", verbs="return_to")
    world.deploy(planning=in_a_row(*steps, user("sign", "unit.head", verbs="return_to")))
    instance = world.start()
    world.complete("ling")
    world.complete("lu")
    world.act("tou", "return_to", target="check", opinion="口径不对", straight_back=True)
    world.act("lu", "return_to", target="fill", opinion="请改", straight_back=True)
    back(world, "lu", instance)
    assert mark(world, "lu", "check") == ("sign", "口径不对", "sign")
    world.complete("lu")
    assert world.item("tou").element_id == "sign"
