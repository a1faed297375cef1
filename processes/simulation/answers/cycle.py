"""The year itself: its calendar, its papers, its targets broken down to divisions and persons."""

from processes.simulation.answers.book import Answers
from processes.simulation.answers.fallback import fill_anything
from processes.simulation.answers.words import careless, same
from processes.simulation.tasks import Reply, Task

BODY = "全年绩效管理工作按计划开展，目标、监控、评估、反馈和整改各环节均已完成，情况另附。"


def paper(task: Task) -> Reply:
    """登记年中评估, 上报年度报告."""
    filled = fill_anything(task)
    return Reply({**filled.fields, "body": BODY}, filled.outcome)


def take_share(task: Task) -> Reply:
    """落实到人: a careless division objects once."""
    data = task.data
    if "object" in task.outcomes and data.get("may_object") and data.get("answers") and careless(task):
        data["answers"][0]["objection"] = "本科室人手不足，请与其他科室分担。"
        return Reply(data, "object")
    return same(task)


ANSWERS: Answers = {
    ("", "cycle_calendar"): same,
    ("", "cycle_paper"): paper,
    ("", "decomp_break_down"): same,
    ("", "decomp_assign"): take_share,
    ("", "decomp_confirm"): same,
}
