"""Verbs upon an instance, on paper: it ends, is opened again, its tokens are moved, others may read it."""

from .blocks import (
    OFFICE,
    STARTER,
    STRANGERS,
    Again,
    Block,
    Fork,
    Inner,
    Seq,
    Task,
    late_name,
    leads_on_to,
    within,
)
from .clerk import DOES, RULES_OF_INSTANCES, Act, Answer, Clerk
from .moving import move_back, targets
from .office import mending, moving_what_stopped
from .places import Forking, Matter, Place, Scope, Sequence
from .waiting import Step


def ahead(step: Step) -> set[str]:
    """The tasks on the only way from here, on which no block is entered or left."""
    found: set[str] = set()
    here: Place = step
    while not (step.aside or step.late_of) and here.up is not None and not isinstance(here, Forking | Scope):
        up = here.up
        if isinstance(up, Sequence):
            parts = up.block.parts[up.at + 1 :]
            found |= {name for part in parts for name in within(part) if leads_on_to(part, name)}
        here = up
    return found


def done_at(matter: Matter) -> list[str]:
    """The steps at which somebody has done something, the last first."""
    said = [one for one in matter.did if one[0] in ("complete", "register_for")]
    return list(dict.fromkeys(one[1] for one in reversed(said)))


def _of_the_office(clerk: Clerk, act: Act) -> Answer:
    if act.person not in OFFICE or clerk.paper.rested_since is not None or not act.said.get("opinion"):
        return "no"
    return "yes"


def _ends(clerk: Clerk, act: Act) -> Answer:
    assert act.matter is not None
    return "no" if act.matter.over else _of_the_office(clerk, act)


def _jump(clerk: Clerk, act: Act) -> Answer:
    if act.work is not None:
        return mending(clerk, act)
    step = act.step
    assert step is not None
    beside = [one for one in clerk.paper.steps() if one.matter is step.matter and one.block is step.block]
    if len(beside) > 1 or act.target not in targets(step) | ahead(step):
        return "no" if len(beside) == 1 else "maybe"
    return _of_the_office(clerk, act)


def _reopen(clerk: Clerk, act: Act) -> Answer:
    matter = act.matter
    assert matter is not None
    if not matter.over or matter.status == "voided" or not act.said.get("opinion"):
        return "no"
    spot = _spot(matter.tree, act.target)
    return "yes" if act.person in OFFICE and spot and act.target in done_at(matter) else "no"


def _rests(clerk: Clerk, matter: Matter | None) -> bool:
    """Does it stand still? What was over before does not."""
    assert matter is not None
    return clerk.paper.rested_since is not None and not matter.over


def _copy_to(clerk: Clerk, act: Act) -> Answer:
    assert act.matter is not None
    if act.person in STRANGERS or STARTER in act.matter.readers or _rests(clerk, act.matter):
        return "no"
    return "yes" if act.person in OFFICE else "maybe"


def _follow(clerk: Clerk, act: Act) -> Answer:
    assert act.matter is not None
    follows = act.person in act.matter.followers
    if act.person in STRANGERS or follows == (act.verb == "follow") or _rests(clerk, act.matter):
        return "no"
    return "yes" if act.person in OFFICE else "maybe"


def _mark_read(clerk: Clerk, act: Act) -> Answer:
    assert act.matter is not None
    if _rests(clerk, act.matter):
        return "no"
    return "yes" if act.person == STARTER and STARTER in act.matter.readers else "no"


def _withdraw(clerk: Clerk, act: Act) -> Answer:
    """撤销: by whoever has started it, where the diagram lets them; what it called is no matter of theirs."""
    matter = act.matter
    assert matter is not None
    if act.person != clerk.paper.started_by or matter is not clerk.paper.root or matter.over:
        return "no"
    free = matter.whole.withdraw and clerk.paper.rested_since is None
    return "yes" if free and act.said.get("opinion") else "no"


def _do_end(clerk: Clerk, act: Act) -> None:
    matter = act.matter
    assert matter is not None
    matter.did.append((act.verb, "", "", "", act.person))
    matter.status = {"terminate": "terminated", "void": "voided", "withdraw": "withdrawn"}[act.verb]
    clerk.paper.ended(matter)


def _do_jump(clerk: Clerk, act: Act) -> None:
    if act.work is not None:
        moving_what_stopped(clerk, act)
        return
    step = act.step
    assert step is not None
    step.matter.did.append((act.verb, step.block.name, "", "", act.person))
    if act.target in targets(step):
        step.matter.marks[act.target] = step.block.name, ""
        move_back(step, act.target)
    else:
        step.go_straight(act.target, moved=True)


def _spot(block: Block, target: str) -> str:
    """Where a token begins for `target`: there, or at the outermost subprocess or fork around it; or ""."""
    match block:
        case Seq(parts):
            return next((spot for part in parts if (spot := _spot(part, target))), "")
        case Again(_, body):
            return _spot(body, target)
        case Fork():
            return block.name if target in _all_in(block) else ""
        case Inner():
            if target in _all_in(block.body):
                return block.name
            return target if block.late == "stop" and target == late_name(block.name) else ""
        case Task():
            return target if target in within(block) else ""
    return ""


def _all_in(block: Block) -> set[str]:
    found = set(within(block))
    parts: tuple[Block, ...] = getattr(block, "parts", ()) or getattr(block, "branches", ())
    for part in parts:
        found |= _all_in(part)
    body = getattr(block, "body", None)
    return found | (_all_in(body) if body is not None else set())


def _do_reopen(clerk: Clerk, act: Act) -> None:
    matter = act.matter
    assert matter is not None
    matter.did.append((act.verb, act.target, "", "", act.person))
    matter.over, matter.status = False, "completed"
    matter.marks[act.target] = "", ""
    matter.top = Scope(matter, None, matter.tree)
    body = Sequence(matter, matter.top, matter.tree)
    matter.top.inside.append(body)
    body.go_to(_spot(matter.tree, act.target))


def _do_copy(clerk: Clerk, act: Act) -> None:
    assert act.matter is not None
    act.matter.readers.add(STARTER)
    act.matter.did.append((act.verb, "", "", "", act.person))


def _do_follow(clerk: Clerk, act: Act) -> None:
    assert act.matter is not None
    act.matter.followers ^= {act.person}


RULES_OF_INSTANCES.update(
    {
        "terminate": _ends,
        "void": _ends,
        "withdraw": _withdraw,
        "mark_read": _mark_read,
        "jump": _jump,
        "reopen": _reopen,
        "copy_to": _copy_to,
        "follow": _follow,
        "unfollow": _follow,
    }
)
DOES.update(
    {
        "terminate": _do_end,
        "void": _do_end,
        "withdraw": _do_end,
        "mark_read": lambda clerk, act: None,
        "jump": _do_jump,
        "reopen": _do_reopen,
        "copy_to": _do_copy,
        "follow": _do_follow,
        "unfollow": _do_follow,
    }
)
