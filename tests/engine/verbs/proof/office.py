"""挂起, 恢复办理 and 处理异常, on paper."""

from .blocks import OFFICE
from .clerk import DOES, RULES_OF_INSTANCES, Act, Answer, Clerk
from .moving import move_back, targets

MENDING = ("retry", "correct", "skip")


def _suspend(clerk: Clerk, act: Act) -> Answer:
    if act.person not in OFFICE or not act.said.get("reason") or clerk.paper.root.over:
        return "no"
    return "yes" if (clerk.paper.rested_since is None) == (act.verb == "suspend") else "no"


def mending(clerk: Clerk, act: Act) -> Answer:
    if act.person not in OFFICE or clerk.paper.rested_since is not None:
        return "no"
    if act.verb == "retry":
        return "yes"
    if not act.said.get("reason"):
        return "no"
    assert act.work is not None
    return "yes" if act.verb in ("correct", "skip") or act.target in targets(act.work) else "no"


def _do_suspend(clerk: Clerk, act: Act) -> None:
    for matter in clerk.paper.matters():
        matter.did.append((act.verb, "", "1", "", act.person))
    if act.verb == "suspend":
        clerk.paper.rest()
    else:
        clerk.paper.go_on()


def moving_what_stopped(clerk: Clerk, act: Act) -> None:
    work = act.work
    assert work is not None
    work.matter.did.append((act.verb, work.block.name, "", "", act.person))
    if act.verb == "retry":
        work.stopped = False
    elif act.verb == "skip":
        work.finish()
    elif act.verb == "jump":
        move_back(work, act.target)


RULES_OF_INSTANCES.update({"suspend": _suspend, "resume": _suspend, **dict.fromkeys(MENDING, mending)})
DOES.update({"suspend": _do_suspend, "resume": _do_suspend})
DOES.update(dict.fromkeys(MENDING, moving_what_stopped))
