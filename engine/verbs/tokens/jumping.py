"""`jump` (跳转): the office moves a token, by the rules of 退回 or on along its own way, with the reason.

Never forward into one branch of a block: its join would wait for ever. Into a block that is closed: the whole
block is opened again at its fork.
"""

from dataclasses import dataclass

from engine.bpmn.execution import Wait
from engine.runtime.incidents.mending import Act, write_act
from engine.runtime.steps import closing
from engine.runtime.steps.finishing import finish
from engine.runtime.steps.step import Returned, Step
from engine.verbs.refusals import Invalid
from engine.verbs.showing.lateness import why_not_there
from engine.verbs.tokens.ending import not_running, of_the_office
from engine.verbs.tokens.returning import downstream
from engine.verbs.verb import InstanceVerb, Matter
from engine.work.bindings import FieldError

STANDING = ("user", "job", "children", "message", "signal", "timer")


@dataclass(frozen=True)
class Landing:
    """A step where the token may be put; `whole_block`: its block is opened again, at the fork."""

    element_id: str
    name: str
    forward: bool
    whole_block: bool


@dataclass(frozen=True)
class Movable:
    """A token that can be moved: where it stands, and where it may go."""

    token: str
    element_id: str
    name: str
    landings: tuple[Landing, ...]


def movable(step: Step) -> list[Movable]:
    """The tokens of a running instance that may be moved; listeners on a step move with it."""
    found = []
    for wait in _standing(step):
        landings = tuple(_landings(step, wait))
        if landings:
            found.append(Movable(wait.token, wait.element, _name(step, wait.element), landings))
    return found


def _standing(step: Step) -> list[Wait]:
    """One wait for each token that stands in an element of its own, in a fixed order."""
    drawn = step.version.drawn.elements
    found: dict[str, Wait] = {}
    for wait in step.before.values():
        element = drawn[wait.element]
        if element.attached_to is None and element.kind != "startEvent" and wait.kind in STANDING:
            found.setdefault(wait.token, wait)
    return list(found.values())


def _landings(step: Step, wait: Wait) -> list[Landing]:
    return [
        Landing(one.target, _name(step, one.target), one.forward, one.place != one.target)
        for one in step.execution.jumpable(wait.token)
    ]


def _name(step: Step, element_id: str) -> str:
    return step.version.element(element_id).name or element_id


def _chosen(matter: Matter) -> tuple[Movable, Landing]:
    """The token and where it goes; the token need not be named where only one can go there."""
    asked = matter.request
    tokens = [one for one in movable(matter.step) if asked.token in ("", one.token, one.element_id)]
    fits = [(one, land) for one in tokens for land in one.landings if land.element_id == asked.target]
    if len(fits) == 1:
        return fits[0]
    if fits:
        names = "、".join(f"“{one.name}”" for one, _ in fits)
        message = f"有几处都可以移到那里：{names}；请先选择移动哪一处。"
        raise Invalid(message, errors=(FieldError("token", "unclear_token", message),))
    names = "、".join(dict.fromkeys(f"“{land.name}”" for one in tokens for land in one.landings))
    message = (
        f"不能移到那里；可以移到：{names}。" if names else why_not_there(matter.connection, matter.row.id)
    )
    raise Invalid(message, errors=(FieldError("target", "unknown_target", message),))


def _jump(matter: Matter) -> str:
    token, landing = _chosen(matter)
    step, reason = matter.step, matter.request.opinion.strip()
    act = Act("jump", reason, target=landing.element_id, outcome="" if landing.forward else "back")
    event = write_act(step.connection, step.row, token.element_id, act, actor=step.actor, at=step.at)
    step.events.append(event)
    if not landing.forward:
        place = step.execution.preview_jump(token.token, target=landing.element_id).place
        closing.supersede_visited(step, downstream(step, place))
        step.returned = Returned(
            target=landing.element_id,
            from_element=token.element_id,
            reason_id=event["text_id"],
            straight_back=False,
        )
    step.execution.jump(token.token, target=landing.element_id)
    finish(step, act=f"jump:{token.element_id}")
    return f"已从“{token.name}”移到“{landing.name}”。"


def _tell(matter: Matter) -> tuple[str, ...]:
    """Where the token was put is the first place that was entered: the fork, when a block is opened again."""
    entered = [place for place, what in matter.step.execution.path if what == "entered"]
    target = matter.request.target
    if not entered or entered[0] == target:
        return ()
    return (f"“{_name(matter.step, target)}”所在的并行块或子流程整个重新打开，其中各步都要重办。",)


JUMP = InstanceVerb("jump", "跳转", of_the_office, "由考评办办理", _jump, against=not_running, tell=_tell)
