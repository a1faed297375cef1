"""年度目标制定: a unit gives its targets to divisions, fills them in, signs; the city reviews and decides."""

from decimal import Decimal
from typing import Any

from processes.simulation.answers.book import Answers
from processes.simulation.answers.words import careless, first, meeting, same, sent_back
from processes.simulation.chance import rounded
from processes.simulation.figures import text
from processes.simulation.tasks import Data, Reply, Task

FUNCTIONS = ("依法履行主要职能", "优化政务服务办件", "推进重点工作任务", "加强基层指导检查")
"""What units without assigned targets set themselves."""
WEIGHTS = ((100,), (60, 40), (40, 30, 30), (30, 30, 20, 20))


def assign(task: Task) -> Reply:
    """分办: to the divisions that are proposed; own indicators where nobody gave the unit a target."""
    data = task.data
    if not data.get("targets") and not data.get("functions"):
        data["functions"] = [_given(data, title, index) for index, title in enumerate(_own(task))]
    return Reply(data, first(task))


def fill(task: Task) -> Reply:
    """填报: who does it and how, a figure for each own indicator, milestones."""
    return Reply(_filled(task, task.data), first(task))


def collate(task: Task) -> Reply:
    """汇总: everything that is still empty, and the weights; careless ones do not add up to 100."""
    data = _filled(task, task.data)
    functions, wrong = data.get("functions") or [], not data.get("problems") and careless(task)
    for row, weight in zip(functions, _weights(len(functions)), strict=True):
        row["weight"] = str(weight - 10) if wrong else row.get("weight") or str(weight)
        if data.get("problems"):
            row["weight"] = str(weight)
    return Reply(data, first(task))


def sign(task: Task) -> Reply:
    """审核, 签发 within the unit: sent back once where the papers are not in order."""
    if careless(task) and (back := sent_back(task, "举措不够具体，请补充责任人和时间节点。")):
        return back
    return Reply(task.data, first(task), "同意上报。")


def review(task: Task) -> Reply:
    """考评办审核."""
    if careless(task):
        return Reply(task.data, "return", "举措太笼统，请逐项写明。")
    return Reply(task.data, first(task))


def joint_review(task: Task) -> Reply:
    """联合审核: the legal review sends one careless unit back in the first round."""
    data = task.data
    sloppy = [body for body in task.city.assessed if body.character.role == "sloppy" and task.item.round == 1]
    known = {row["value"] for row in data["unit_options"]}
    if task.item.element == "legal_review" and sloppy and sloppy[0].id in known:
        remarks = [{"unit": sloppy[0].id, "text": "缺少法规依据，请补充。"}]
        return Reply({**data, "remarks": remarks}, "return", "有单位依据不足。")
    return Reply(data, first(task), "同意。")


def objections(task: Task) -> Reply:
    """核定异议: the figure stays."""
    data = task.data
    data["objections"] = [
        {**row, "decision": "keep", "answer": "按规划执行，年中再评估。"} for row in data["objections"]
    ]
    return Reply(data, first(task))


def comments(task: Task) -> Reply:
    """答复公众意见."""
    data = task.data
    data["comments"] = [
        {**row, "adopted": "partly", "answer": "谢谢您的意见，已转有关单位研究采纳。"}
        for row in data["comments"]
    ]
    return Reply(data, first(task))


def decide(task: Task) -> Reply:
    """绩效委审定, 市委市政府批准: all pass."""
    name = "绩效管理委员会会议" if task.item.element == "committee_decides" else "市政府常务会议"
    return Reply(meeting(task, name, overall="all_passed", results=task.data["results"]), first(task))


def _filled(task: Task, data: Data) -> Data:
    months = [int(month) for month in data.get("milestone_months") or []]
    for row in data.get("targets") or []:
        row["responsible"] = row.get("responsible") or "分管负责人"
        row["measures"] = row.get("measures") or "分解到季度，每月调度，逐项落实到人。"
    for row in data.get("measures") or []:
        if row.get("value"):
            value = Decimal(row["value"])
            row |= {f"month_{month}": row.get(f"month_{month}") or text(value) for month in months[-1:]}
    for row in data.get("functions") or []:
        _fill_function(task, row, months)
    return data


def _fill_function(task: Task, row: dict[str, Any], months: list[int]) -> None:
    body = task.subject or task.body
    code = body.code if body else ""
    value = Decimal(row.get("value") or task.chance.of("goal", code, row["title"]).randrange(40, 400, 10))
    row["value"], row["unit"] = text(value), row.get("unit") or "项"
    row["text"] = row.get("text") or f"全年{row['title']}不少于 {text(value)} 项，质量合格。"
    row["responsible"] = row.get("responsible") or "业务科负责人"
    row["measures"] = row.get("measures") or "按月安排，按季检查，年底验收。"
    for month in months:
        row[f"month_{month}"] = row.get(f"month_{month}") or text(rounded(value * month / 12, 1))


def _own(task: Task) -> tuple[str, ...]:
    body = task.subject or task.body
    return FUNCTIONS[: task.chance.of("functions", body.code if body else "").randint(2, len(FUNCTIONS))]


def _given(data: Data, title: str, index: int) -> Data:
    divisions = [row["value"] for row in data["division_options"]]
    division = divisions[index % max(1, len(divisions) - 1)]
    return {"title": title, "division": division, "person": None, "other": "科室负责人"}


def _weights(many: int) -> list[int]:
    if many == 0:
        return []
    known = {len(weights): weights for weights in WEIGHTS}
    even = 100 // many
    return list(known.get(many, (*[even] * (many - 1), 100 - even * (many - 1))))


ANSWERS: Answers = {
    ("unit_targets", "assign_divisions"): assign,
    ("division_targets", "fill_targets"): fill,
    ("unit_targets", "collate_targets"): collate,
    ("unit_targets", "decide_objections"): objections,
    ("unit_targets", "deputy_review"): sign,
    ("unit_targets", "head_signs"): sign,
    ("unit_targets", "office_review"): review,
    ("", "plan_joint_review"): joint_review,
    ("", "plan_returned"): same,
    ("", "plan_comments"): comments,
    ("", "plan_decision"): decide,
    ("", "plan_issue"): same,
    ("", "plan_confirm_assigned"): same,
}
