"""撤回 of the signature that decided a step: the others' stand, and all is as it was before."""

from datetime import timedelta

import pytest

from engine.verbs.door import save_draft
from engine.verbs.refusals import NotAllowed
from engine.verbs.showing.view import view
from tests.engine.bpmn.lint_diagrams import END, START, diagram, line_up
from tests.engine.runtime.world import BEGIN, SUBJECT, World, in_a_row, user
from tests.engine.verbs.test_brought_in import PAIR
from tests.engine.verbs.test_taking_back import back
from tests.engine.verbs.test_taking_back_again import round_and_round
from tests.engine.verbs.upon import foreseen, holds_together, offered
from tests.engine.verbs.voting_city import (
    LOGINS,
    approve,
    begin,
    having,
    refuse,
    rows,
    signed,
    variables,
)


def signatures(world: World) -> list[tuple[str, str]]:
    """Each seat: its state, and what stands there."""
    with world.engine.database.read() as connection:
        found = connection.exec_driver_sql("select state, outcome from signer order by place").fetchall()
    return [(state, outcome) for state, outcome in found]


def test_the_last_signature_is_taken_back_and_those_before_it_stand(world: World) -> None:
    """会签: the step had been decided by it, and 撤回 was refused although nobody had acted since."""
    instance = begin(world, "all")
    approve(world, "ling", "lu")
    world.complete("tou", outcome="approve", fields={"remark": "同意"}, opinion="好")
    seen = foreseen(world, "tou", "take_back", instance)
    assert [one.step for one in seen.closed] == ["办理after"]
    assert [(one.step, one.who) for one in seen.opened] == [("办理sign", "市旅游委员会 · 主要负责人")]
    back(world, "tou", instance)
    assert signatures(world) == [("signed", "approve"), ("signed", "approve"), ("open", "")]
    assert (having(world, *LOGINS), rows(world, "kao", "after")) == (["tou"], [])
    mine = view(world.engine, world.person("tou"), world.item("tou").item_id)
    assert (mine.item.round, mine.draft and mine.draft.opinion) == (1, "好")
    said = [(one.verb, one.person_name, one.superseded) for one in world.events(instance)]
    assert ("complete", "张玲", False) in said and ("complete", "王局", True) in said
    refuse(world, "tou")
    assert variables(world, instance)["vote"]["passed"] is False
    world.complete("kao")
    assert world.status(instance) == "completed"


def test_whom_the_decision_spared_signs_after_all(world: World) -> None:
    """或签, 票决: those whose tasks the system had closed have them again."""
    instance = begin(world, "any")
    approve(world, "lu")
    assert having(world, *LOGINS) == []
    back(world, "lu", instance)
    assert having(world, *LOGINS) == ["ling", "lu", "tou"]
    refuse(world, "tou")
    assert variables(world, instance)["vote"] == {
        "passed": False, "approvals": "0", "rejections": "1", "signers": "3",
    }  # fmt: skip
    with pytest.raises(NotAllowed, match="没有可以撤回"):
        back(world, "lu", instance)
    holds_together(world)


def test_a_vote_is_judged_anew_by_those_of_the_start(world: World) -> None:
    """票决 with shares of the start: who was taken out counts again as one of those who began."""
    verbs = "add_signer,remove_signer"
    instance = begin(world, "ratio:0.6", verbs=verbs, voters="start")
    shown = view(world.engine, world.person("tou"), rows(world, "tou")[0].item_id).signing
    assert shown is not None
    away = next(one.id for one in shown.signers if one.post == "联络员")
    world.act("tou", "remove_signer", "sign", target=away, opinion="出差")
    approve(world, "lu", "tou")
    assert variables(world, instance)["vote"]["passed"] is True
    back(world, "tou", instance)
    refuse(world, "tou")
    assert variables(world, instance)["vote"]["passed"] is False, "one of three is not enough"


def test_in_a_loop_it_goes_on_in_the_round_that_it_was(world: World) -> None:
    """It had come round by the decision: who signed after the 撤回 found themselves in the next round."""
    sign = signed(
        "all",
        signers=PAIR,
        outcomes="approve:同意,enough:办结",
        approves="approve,enough",
        verbs="add_signer",
    )
    world.deploy(planning=round_and_round(sign).replace(b"fill", b"sign"))
    instance = world.start()
    approve(world, "lu", "tou")
    assert {row.round for row in rows(world, "lu")} == {2}
    back(world, "tou", instance)
    world.act("tou", "add_signer", "sign", target=world.people["fa"], opinion="涉法")
    back(world, "lu", instance)
    assert [rows(world, one)[0].round for one in ("lu", "tou", "fa")] == [1, 1, 1]
    for login in ("lu", "tou", "fa"):
        world.complete(login, "sign", outcome="enough")
    assert world.status(instance) == "completed"


def test_its_clock_runs_on_and_does_not_begin_anew(world: World) -> None:
    """The visit goes on: a boundary timer of nine days had begun once more, or again when it had rung."""
    late = (
        '<bpmn:boundaryEvent id="late" name="超期" attachedToRef="sign" cancelActivity="false">'
        '<bpmn:timerEventDefinition id="lt"><bpmn:timeDuration xsi:type="bpmn:tFormalExpression">P9D'
        "</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:boundaryEvent>"
    )
    sign, way = signed("all", signers=PAIR), line_up("begun", "sign", "after", "done")
    steps = START, sign, late, user("remind", "unit.liaison"), user("after", "assessor.office.reviewer")
    ends = END, '<bpmn:endEvent id="told" name="" />', line_up("late", "remind", "told"), way
    world.deploy(planning=diagram(SUBJECT, *steps, *ends))
    world.start()
    instance, due = (str(world.scalar(f"select {name} from timer")) for name in ("instance_id", "due_at"))
    approve(world, "lu", "tou")
    world.clock.set(BEGIN + timedelta(days=2))
    back(world, "tou", instance)
    assert str(world.scalar("select due_at from timer")) == due
    world.clock.set(BEGIN + timedelta(days=10))
    world.engine.drain()
    assert world.item("ling").element_id == "remind"
    approve(world, "tou")
    back(world, "tou", instance)
    assert world.scalar("select count(*) from timer") == 0
    approve(world, "tou")
    for login in ("kao", "ling"):
        world.complete(login)
    assert world.status(instance) == "completed"


def test_in_turn_the_last_of_them_has_it_again(world: World) -> None:
    instance = begin(world, "turn")
    approve(world, "ling", "lu", "tou")
    back(world, "tou", instance)
    assert having(world, *LOGINS) == ["tou"]
    approve(world, "tou")
    assert rows(world, "kao", "after") != []


def test_an_objection_that_stood_before_stands_again(world: World) -> None:
    """不同意 that does not count (stay), then 同意 that decides, then 撤回 of that alone."""
    instance = begin(world, "all", reject="stay", signers=PAIR)
    refuse(world, "tou")
    approve(world, "lu", "tou")
    back(world, "tou", instance)
    assert signatures(world) == [("signed", "approve"), ("open", "return")]
    said = [(one.outcome, one.superseded) for one in world.events(instance) if one.person_name == "王局"]
    assert ("return", False) in said and ("approve", True) in said
    approve(world, "tou")
    assert rows(world, "kao", "after") != []


def test_who_signs_after_another_gives_their_signature_back_to_waiting(world: World) -> None:
    """后加签: the one signature counts only by the other; taken back, it waits for it again."""
    instance = begin(world, "all", signers=PAIR, verbs="add_after")
    approve(world, "lu")
    world.act("tou", "add_after", "sign", people=(world.people["fa"],), opinion="请把关")
    approve(world, "tou", "fa")
    assert rows(world, "kao", "after") != []
    back(world, "fa", instance)
    assert [state for state, _ in signatures(world)] == ["signed", "given", "open"]
    approve(world, "fa")
    assert rows(world, "kao", "after") != []


def test_on_a_step_drawn_for_one_whom_they_had_asked_has_answered(world: World) -> None:
    """委派, answered, handed in, taken back: the answer is there, and nobody need be asked again."""
    world.deploy(planning=in_a_row(user("fill", "unit.liaison", verbs="ask"), user("sign", "unit.head")))
    instance = world.start()
    world.act("ling", "ask", people=(world.people["fa"],), opinion="请核")
    world.act("fa", "answer", opinion="属实", fields={"value": "5"})
    world.complete("ling", fields={"value": "5"})
    back(world, "ling", instance)
    shown = view(world.engine, world.person("ling"), world.item("ling").item_id).signing
    assert shown is not None and [(one.person, one.state) for one in shown.signers] == [
        ("张玲", "open"),
        ("周法", "signed"),
    ]
    world.complete("ling", fields={"value": "6"})
    world.complete("tou")
    assert world.status(instance) == "completed"


def test_a_return_out_of_a_step_of_several_puts_its_seats_back(world: World) -> None:
    """退回 by one signer, taken back: signatures before it stand, and who was added (加签) still signs."""
    sign = signed("all", signers=PAIR, verbs="return_to,add_signer")
    world.deploy(planning=in_a_row(user("fill", "unit.liaison"), sign))
    instance = world.start()
    world.complete("ling")
    world.act("tou", "add_signer", "sign", target=world.people["fa"], opinion="涉法")
    approve(world, "lu")
    world.act("tou", "return_to", "sign", target="fill", opinion="改")
    assert having(world, "lu", "tou", "fa") == []
    back(world, "tou", instance)
    assert [state for state, _ in signatures(world)] == ["signed", "open", "open"]
    said = [(one.verb, one.person_name, one.superseded) for one in world.events(instance)]
    assert ("complete", "陆副", False) in said
    approve(world, "tou", "fa")
    assert world.status(instance) == "completed"


def test_who_signed_before_the_last_is_told_who_came_after(world: World) -> None:
    instance = begin(world, "all")
    approve(world, *LOGINS)
    assert "take_back" not in offered(world, "lu", instance)
    with pytest.raises(NotAllowed, match=r"您签署以后，王局签署，本环节已有结果.*可请王局撤回"):
        back(world, "lu", instance)
    back(world, "tou", instance)
    back(world, "lu", instance)
    assert having(world, *LOGINS) == ["lu", "tou"]


def test_what_a_removal_has_decided_is_not_taken_back(world: World) -> None:
    """减签 by another: with those who are left it was decided, and 减签 itself is no submission."""
    instance = begin(world, "ratio:1/2", verbs="remove_signer")
    approve(world, "lu")
    shown = view(world.engine, world.person("tou"), rows(world, "tou")[0].item_id).signing
    assert shown is not None
    away = next(one.id for one in shown.signers if one.post == "联络员")
    world.act("tou", "remove_signer", "sign", target=away, opinion="出差")
    assert rows(world, "kao", "after") != []
    with pytest.raises(NotAllowed, match=r"您签署以后，王局减签，本环节已有结果.*可请下一环节退回"):
        back(world, "lu", instance)
    with pytest.raises(NotAllowed, match="没有可以撤回"):
        back(world, "tou", instance)


def test_not_once_the_next_has_begun(world: World) -> None:
    instance = begin(world, "all", signers=PAIR)
    approve(world, "lu", "tou")
    save_draft(world.engine, world.person("kao"), rows(world, "kao", "after")[0].item_id, fields={})
    with pytest.raises(NotAllowed, match="钱考已经动笔"):
        back(world, "tou", instance)
