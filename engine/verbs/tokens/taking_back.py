"""`take_back` (撤回): undo one's own last submission, while nobody after oneself has acted.

To act is to claim, to draft, to do; to have read is not. What the submission made goes: branches, timers,
children that nobody has touched, and the end of the instance. The step begins anew where it lay, with what
was handed in kept as a draft; where several work on it, the signatures of the others stand, and they have
their tasks again. So it is for who still has that work, and not for who has left the post or stands in no
more.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from engine.bpmn.failures import IllegalMove
from engine.people.rights import Concern, may
from engine.runtime.incidents.mending import Act, write_act
from engine.runtime.instances import reopening, taking_back
from engine.runtime.instances.taking_back import Line, TooLate, Unrecorded
from engine.runtime.instances.terminating import tell_whose_work_ends
from engine.runtime.setup import ENGINE
from engine.runtime.steps import closing, marks
from engine.runtime.steps.desks import meant_by
from engine.runtime.steps.finishing import finish
from engine.store import Row, insert_rows
from engine.verbs.refusals import NotAllowed
from engine.verbs.signers.signing_back import seat_signed, sign_back, why_not_alone
from engine.verbs.tokens.ending import not_running
from engine.verbs.verb import InstanceVerb, Matter
from engine.work import handing
from engine.work.history import QUERIES
from engine.work.placing import Place
from engine.work.routing import Candidate

_NOTHING = "您在这个流程里没有可以撤回的提交。"
_GONE_ON = "上级流程已经按它的结果继续，不能撤回；需要改变结果，请在上级流程退回或跳转。"


def last_submission(matter: Matter) -> Row | None:
    """The person's last submission in the instance, or the one with the item asked for, that still counts."""
    asked = matter.request.target
    place = {"instance_id": matter.row.id, "person_id": matter.person.id, "engine": ENGINE.name}
    return QUERIES.row(matter.connection, "last_submission", **place, item_id=asked, item_id2=asked)


def _line(matter: Matter, event: Row) -> Line:
    line = taking_back.line_of(matter.step, event["id"])
    taking_back.check_open_work(matter.step, line, person_id=matter.person.id)
    taking_back.undoing_of(matter.step, line)
    return line


def _against(matter: Matter) -> str:
    event = last_submission(matter)
    if event is None:
        return _NOTHING
    if why := _over(matter) or _not_mine_any_more(matter, event):
        return why
    try:
        if (seat := seat_signed(matter.step, event)) is not None:
            return seat.why_not
        _line(matter, event)
    except Unrecorded as nothing:
        return why_not_alone(matter.step, event) or str(nothing)
    except (TooLate, IllegalMove) as late:
        return str(late)
    return ""


def _over(matter: Matter) -> str:
    """Why the instance does not go on by it: it was ended by somebody, or its caller has gone on; else ""."""
    row = matter.row
    if row.status != "completed":
        return not_running(matter)
    if row.parent_id is not None and not reopening.waited_for(matter.connection, row):
        return _GONE_ON
    return ""


def _not_mine_any_more(matter: Matter, event: Row) -> str:
    """Why the person may not work on the task, if it lay open now where it lay; "" when they may."""
    place = _lay(matter, event)
    concern = Concern(holder_id=place.user_id, unit_id=place.unit_id, post_key=place.post_key)
    if may(matter.person, "act_item", replace(matter.thing, concerns=(concern,))):
        return ""
    if event["stood_in_for_id"]:
        return f"您已不代{event['stood_in_for_name']}办理，不能撤回；可请下一环节退回。"
    return "您已不在原来的岗位，不能撤回；可请下一环节退回，由现在的经办人办理。"


def _lay(matter: Matter, event: Row) -> Place:
    """Where the task lay when it was handed in: at a post, or with one person alone."""
    if event["post_key"] is not None:
        return Place(unit_id=event["unit_id"], post_key=event["post_key"])
    return Place(user_id=_holder_id(matter, event))


def _holder_id(matter: Matter, event: Row) -> str:
    """Whose the work was: the person's, or who they stood in for."""
    return str(event["stood_in_for_id"] or matter.person.id)


def _take_back(matter: Matter) -> str:
    event = last_submission(matter)
    assert event is not None  # `_against` has found it in this very transaction
    step, element_id = matter.step, event["element_id"]
    act = Act("take_back", matter.request.opinion.strip(), target=element_id)
    if (seat := seat_signed(step, event)) is not None:
        step.events.append(_record(matter, act, event))
        item = sign_back(step, seat, event)
    else:
        line = _line(matter, event)
        step.events.append(_record(matter, act, event))
        item = _undo(matter, event, line)
    _keep_draft(matter, item, event)
    return f"已撤回，“{step.version.element(element_id).name}”重新由您办理，原来填写的内容作为草稿保留。"


def _undo(matter: Matter, event: Row, line: Line) -> Row:
    """What came of the submission is undone; the item with which it is the person's turn again."""
    step, element_id = matter.step, event["element_id"]
    if matter.row.status == "completed" and not reopening.run_again(step):
        raise NotAllowed(_GONE_ON)
    step.returned = marks.read(element_id, line.own.mark)
    told = _told_of_return(matter, event)
    try:
        taking_back.take_back(step, line)
    except IllegalMove as illegal:
        raise NotAllowed(f"{illegal}。") from illegal
    if step.seats_back is not None and event["verb"] != "return_to":
        closing.replace_opinion(step, event)
    finish(step, act=f"take_back:{element_id}")
    gone = {one["item_id"] for one in step.events if one["verb"] == "close"}
    if ended := [row for row in told if row["id"] in gone]:
        tell_whose_work_ends(step, ended, reason=matter.request.opinion.strip(), kind="taken_back")
    if step.seats_back is not None:
        return step.seats_back.opened[event["item_id"]]
    return _where_it_lay(matter, event, [one for one in step.opened if one["element_id"] == element_id])


def _told_of_return(matter: Matter, event: Row) -> Sequence[Row]:
    """The open items that were sent back to somebody who knows of it, when a 退回 is taken back."""
    if event["verb"] != "return_to":
        return ()
    return taking_back.QUERIES.rows(matter.connection, "told_of_return", instance_id=matter.row.id)


def _where_it_lay(matter: Matter, event: Row, opened: Sequence[Row]) -> Row:
    """The item that lies where the one that was handed in lay; what had been handed over is so again."""
    place = _lay(matter, event)
    for item in opened:
        lies = Place(None if item["post_key"] else item["assignee_id"], item["unit_id"], item["post_key"])
        if lies == place:
            return item
    item, step = opened[0], matter.step
    candidate = Candidate(user_id=place.user_id, unit_id=place.unit_id, post_key=place.post_key)
    sender = item["from_name"]
    handing.hand(
        step.connection, item["id"], place=place, meant=meant_by(step, candidate), sender=sender, at=step.at
    )
    return {**item, "claim_first": False}


def _record(matter: Matter, act: Act, event: Row) -> Row:
    step = matter.step
    return write_act(step.connection, step.row, event["element_id"], act, actor=step.actor, at=step.at)


def _keep_draft(matter: Matter, item: Row, event: Row) -> None:
    holder_id = _holder_id(matter, event)
    if item["claim_first"]:
        QUERIES.run(matter.connection, "claim_again", id=item["id"], person_id=holder_id)
    said = QUERIES.row(matter.connection, "said", id=event["id"])
    if said is None:
        return
    draft = {
        "item_id": item["id"],
        "person_id": holder_id,
        "data_text": said["form_text"] or "{}",
        "opinion": _opinion(said["opinion"] or "", event["verb"]),
        "saved_at": event["happened_at"] - timedelta(microseconds=1),  # so that no one takes it for an act
    }
    insert_rows(matter.connection, "draft", [draft])


def _opinion(words: str, verb: str) -> str:
    """What was said, without the sentence that names the decision (代录)."""
    return words.partition("。")[2] if verb == "register_for" else words


TAKE_BACK = InstanceVerb(
    "take_back", "撤回", None, "由提交的人办理", _take_back, against=_against, reason=False,
    tell=lambda _matter: ("您填写的内容作为草稿保留；办理过程记下这次撤回。",),
)  # fmt: skip
