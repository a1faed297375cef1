"""`take_back` (撤回): undo one's own last submission, while nobody after oneself has acted.

To act is to claim, to draft, to do; to have read is not. What the submission made goes: branches, timers,
children that nobody has touched. The step begins anew, with what was handed in kept as a draft.
"""

from datetime import timedelta

from engine.bpmn.failures import IllegalMove
from engine.runtime.incidents.mending import Act, write_act
from engine.runtime.instances import taking_back
from engine.runtime.instances.taking_back import Line, TooLate
from engine.runtime.steps.finishing import finish
from engine.runtime.steps.step import Returned
from engine.store import Row, insert_rows
from engine.verbs.refusals import NotAllowed
from engine.verbs.signers.signing_back import seat_signed, sign_back
from engine.verbs.tokens.ending import not_running
from engine.verbs.verb import InstanceVerb, Matter
from engine.work.history import QUERIES

_NOTHING = "您在这个流程里没有可以撤回的提交。"


def last_submission(matter: Matter) -> Row | None:
    """The person's last submission in the instance, or the one with the item asked for, that still counts."""
    asked = matter.request.target
    place = {"instance_id": matter.row.id, "person_id": matter.person.id}
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
    if why := not_running(matter):
        over = matter.row.status == "completed"
        return "流程已经办结，不能撤回；需要时请考评办恢复办理。" if over else why
    try:
        if (seat := seat_signed(matter.step, event)) is not None:
            return seat.why_not
        if event["signed_by_several"]:
            return "本环节已由各位签署人作出决定，不能再撤回自己的签署；可请下一环节退回。"
        _line(matter, event)
    except (TooLate, IllegalMove) as late:
        return str(late)
    return ""


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
        step.returned = _as_it_was_returned(matter, line, event)
        try:
            taking_back.take_back(step, line)
        except IllegalMove as illegal:
            raise NotAllowed(f"{illegal}。") from illegal
        finish(step, act=f"take_back:{element_id}")
        item = next(one for one in step.opened if one["element_id"] == element_id)
    _keep_draft(matter, item, event)
    return f"已撤回，“{step.version.element(element_id).name}”重新由您办理，原来填写的内容作为草稿保留。"


def _record(matter: Matter, act: Act, event: Row) -> Row:
    step = matter.step
    return write_act(step.connection, step.row, event["element_id"], act, actor=step.actor, at=step.at)


def _as_it_was_returned(matter: Matter, line: Line, event: Row) -> Returned | None:
    """A task that had been sent back is so again, with the reason and the short way that it had."""
    if event["verb"] == "return_to" or event["returned_by_id"] is None:
        return None
    toward = any("toward" in data for verb, _, _, data in line.own.told if verb == "complete")
    return Returned(
        target=event["element_id"],
        from_element=event["returned_from"],
        reason_id=event["return_reason_id"],
        straight_back=toward,
    )


def _keep_draft(matter: Matter, item: Row, event: Row) -> None:
    if item["claim_first"]:
        QUERIES.run(matter.connection, "claim_again", id=item["id"], person_id=matter.person.id)
    said = QUERIES.row(matter.connection, "said", id=event["id"])
    if said is None:
        return
    draft = {
        "item_id": item["id"],
        "person_id": matter.person.id,
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
