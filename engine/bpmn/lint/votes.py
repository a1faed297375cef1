"""Several people on one step: does the vote rule mean something, and do separated steps exist?"""

from engine.bpmn.lint.finding import say
from engine.bpmn.model import Element, ProcessModel
from engine.bpmn.outcomes import outcomes_of
from engine.bpmn.own_approval import INITIATOR
from engine.bpmn.read.markup import Report
from engine.bpmn.votes import DRAWABLE, Unreadable, VoteRule, may_seat, steps_apart, verbs_of, vote_rule

_ONLY_WITH_A_VOTE = ("bihuan:signers", "bihuan:reject", "bihuan:approves", "bihuan:weights", "bihuan:voters")


def check_votes(task: Element, process: ProcessModel, report: Report) -> None:
    """`bihuan:vote` and what goes with it, and `bihuan:distinct`."""
    _separated(task, process, report)
    _verbs(task, report)
    if "bihuan:vote" not in task.properties:
        _without_vote(task, report)
        return
    try:
        rule = vote_rule(task.properties)
    except Unreadable as unreadable:
        hint = (
            "bihuan:vote 可写 all（会签）、any（或签）、ratio:0.6 或 ratio:2/3（票决）、turn（顺签）；"
            "bihuan:reject 可写 veto、count、stay；bihuan:approves 写办理结果的键；"
            "票决可再写 bihuan:weights（票数）和 bihuan:voters（now 或 start）。"
        )
        say(task, "vote-unreadable", str(unreadable), hint, report)
        return
    assert rule is not None
    _outcomes(task, rule, report)
    if "register_for" in verbs_of(task.properties):
        hint = "请去掉 bihuan:vote，由一人代录；或去掉 register_for，由各人自己签署。"
        say(task, "vote-registers", "代录的步骤不能由几个人签署。", hint, report)
    if task.candidate_groups and "bihuan:signers" not in task.properties:
        hint = "签署的任务直接交给每个人；只要一人办理的，请去掉 bihuan:vote。"
        say(task, "vote-claims", "几个人签署的步骤不用认领。", hint, report, severity="warning")


def _outcomes(task: Element, rule: VoteRule, report: Report) -> None:
    if len(outcomes_of(task.properties)) > len(rule.approves):
        return
    message = "每个办理结果都算同意，签署的人不能表示不同意。"
    hint = "请在 bihuan:outcomes 里写一个不同意的结果，如 approve:同意,return:退回。"
    say(task, "vote-one-sided", message, hint, report, severity="warning")


def _without_vote(task: Element, report: Report) -> None:
    verbs = verbs_of(task.properties)
    if "add_signer" in verbs or "remove_signer" in verbs:
        hint = "请写 bihuan:vote（all、any、ratio:0.6、turn），或改用 add_before、add_after。"
        say(task, "vote-missing", "只有几个人签的步骤才能加签、减签。", hint, report)
    for name in _ONLY_WITH_A_VOTE:
        if name == "bihuan:approves" and may_seat(task.properties):
            continue  # says whether who signs after another agrees
        if name in task.properties:
            hint = "请写 bihuan:vote（all、any、ratio:0.6、turn），或去掉这个属性。"
            say(task, "vote-missing", f"写了 {name}，却没有写几个人怎样表决。", hint, report)


def _verbs(task: Element, report: Report) -> None:
    verbs = verbs_of(task.properties)
    unknown = [verb for verb in verbs if verb not in DRAWABLE]
    if unknown:
        hint = f"可写：{'、'.join(DRAWABLE)}。"
        message = f"不认识办理方式 “{'、'.join(unknown)}”。"
        say(task, "verb-unknown", message, hint, report)
    seating = [verb for verb in verbs if verb in ("add_before", "add_after")]
    if seating and "register_for" in verbs:
        hint = "请去掉 add_before、add_after；会议的决定由一人代录。"
        say(task, "verb-registers", "代录的步骤不能再加人签署。", hint, report)


def _separated(task: Element, process: ProcessModel, report: Report) -> None:
    for wanted in steps_apart(task.properties):
        if wanted == INITIATOR:
            continue
        other = process.elements.get(wanted)
        if other is None or other.kind != "userTask" or other.id == task.id:
            hint = "请写本流程中另一个用户任务的 id 或 initiator（发起人），用逗号隔开：那些人不能办这一步。"
            say(task, "distinct-unknown", f"不能与 “{wanted}” 分人办理。", hint, report)
