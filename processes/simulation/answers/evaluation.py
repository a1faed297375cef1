"""年终: figures are delivered and verified, targets assessed, marks entered, the year graded."""

from decimal import Decimal

from processes.simulation.answers.book import Answers
from processes.simulation.answers.words import first, meeting, same
from processes.simulation.chance import rounded
from processes.simulation.city import Body
from processes.simulation.figures import claimed, goal_of, performance, reached, text
from processes.simulation.tasks import Data, Reply, Task

WORDS = "按计划完成，台账齐全。"
REPORT = "全年各项工作按计划推进，主要指标达到进度要求，群众反映的问题得到办理，存在的不足已经列出清单。"


def body_named(task: Task, name: str) -> Body | None:
    """The unit of that name."""
    return next((body for body in task.city.bodies.values() if body.name == name), task.body)


def enter(task: Task) -> Reply:
    """填报数据: the year's figures; a bureau gives true ones of others, a unit its own word of itself."""
    data = task.data
    own = task.variables.get("source") == "self"
    data["rows"] = [_entered(task, row, own=own) for row in data["rows"]]
    data["files"] = [task.paper("files")]
    return Reply(data, first(task))


def _entered(task: Task, row: Data, *, own: bool) -> Data:
    goal, body = goal_of(str(row.get("goal") or "")), body_named(task, str(row.get("about")))
    if row.get("locked"):
        return row
    if goal is None or body is None:
        return {**row, "value": None, "none": True, "note": "本年度没有统计。"}
    say = claimed if own else performance
    part = say(body, str(row["name"]), task.chance)
    if own and body.character.care < 0.5:
        part = part + Decimal("0.03")
    return {**row, "value": text(reached(goal, part)), "none": False}


def correct(task: Task) -> Reply:
    """更正数据: what the verification found."""
    data = task.data
    data["rows"] = [_corrected(task, row) for row in data["rows"]]
    return Reply(data, first(task))


def _corrected(task: Task, row: Data) -> Data:
    goal, body = goal_of(str(row.get("goal") or "")), body_named(task, str(row.get("about")))
    if row.get("locked") or goal is None or body is None:
        return row
    part = performance(body, str(row["name"]), task.chance)
    return {**row, "value": text(reached(goal, part)), "none": False, "note": "按核实的数值更正。"}


def verify(task: Task) -> Reply:
    """符合性验证: who cheats is found out, careless figures are found unequal."""
    data, body = task.data, task.subject or task.body
    role = body.character.role if body else ""
    fraud = role == "cheat"
    unequal = (
        role == "sloppy" and not any(row.get("finding") for row in data["rows"]) and task.item.round == 1
    )
    for index, row in enumerate(data["rows"]):
        row["result"], row["basis"], row["found"] = "equal", "", None
        if index == 0 and fraud:
            row |= {"result": "fraud", "basis": "底单系补造，与实际不符。"}
        elif index == 0 and unequal and body is not None and (goal := goal_of(str(row.get("goal") or ""))):
            found = reached(goal, performance(body, str(row["name"]), task.chance))
            row |= {"result": "unequal", "found": text(found), "basis": "与底单核对不一致。"}
    results = {row["result"] for row in data["rows"]}
    outcome = "fraud" if "fraud" in results else "correct" if "unequal" in results else "pass"
    return Reply(data, outcome, "" if outcome == "pass" else "见各行依据。")


def note_exemption(task: Task) -> Reply:
    """认定免检: for the excellent unit."""
    body = task.subject or task.body
    if body is not None and body.character.role == "excellent":
        return Reply({**task.data, "system_good": True, "basis": "上年管理检查优秀，制度健全。"}, first(task))
    return same(task)


def self_report(task: Task) -> Reply:
    """自评报告: everybody thinks a little too well of themselves."""
    data, body = task.data, task.body
    for row in data["rows"]:
        part = performance(body, str(row["title"]), task.chance) if body else Decimal(1)
        row["achievement"] = row.get("achievement") or text(_part(part + Decimal("0.02")))
        row["text"] = row.get("text") or WORDS
    return Reply({**data, "report": REPORT, "problems": "个别工作进度偏慢，下一步逐项改进。"}, first(task))


def judge_targets(task: Task) -> Reply:
    """评分: the group, a leading bureau or a second reviewer, each with their severity."""
    data, body = task.data, task.subject or task.body
    for name in ("rows", "checks"):
        for row in data.get(name) or []:
            part = performance(body, str(row["title"]), task.chance) if body else Decimal(1)
            auto = row.get("auto")
            strict = task.judge.strict / 4
            found = Decimal(auto) - strict / 2 if auto else part - strict
            row["achievement"] = text(_part(found))
            row["basis"] = row.get("basis") or "查阅台账、核对佐证材料。"
    opinion = "以核对后的数据为准。" if task.view.opinion_required_for else ""
    return Reply(data, first(task), opinion)


def _part(part: Decimal) -> Decimal:
    return rounded(min(max(part, Decimal(0)), Decimal(1)), 4)


def enter_marks(task: Task) -> Reply:
    """补录分项: what no stage gives, as the body that judges the unit says."""
    data = task.data
    for row in data["gaps"]:
        body = body_named(task, str(row["unit"]))
        liked = body.character.result if body else 0.9
        luck = task.chance.of("mark", row["unit"], row["component"]).gauss(0, 0.02)
        mark = Decimal(row["best"] or 100) * rounded(min(1.0, max(0.4, liked - 0.05 + luck)), 4)
        row["value"], row["basis"] = text(rounded(mark, 2)), "有关部门年终评价结果"
    return Reply(data, first(task))


def deliberate(task: Task) -> Reply:
    """绩效委审议: the calculation stands."""
    return Reply(meeting(task, "绩效管理委员会会议", adjustments=[]), first(task))


def approve(task: Task) -> Reply:
    """市委市政府审定."""
    return Reply(meeting(task, "市委常委会会议", decision="approved", remark=""), first(task))


def design_survey(task: Task) -> Reply:
    """设计问卷: as it is proposed."""
    data = task.data
    data["introduction"] = data.get("introduction") or "您的回答是匿名的，请如实作答。"
    return Reply(data, first(task))


def sample(task: Task) -> Reply:
    """抽样方案: small layers; the virtual city has few citizens."""
    data = task.data
    data["layers"] = [{**row, "quota": str(QUOTA)} for row in data["layers"]]
    return Reply(data, first(task))


QUOTA = 8
"""Codes a layer in a virtual survey."""


def survey_report(task: Task) -> Reply:
    """意见报告."""
    return Reply({**task.data, "report": "本年度调查按方案完成，各层回收正常，结果见表。"}, first(task))


ANSWERS: Answers = {
    ("data_supply", "enter_data"): enter,
    ("data_supply", "correct_data"): correct,
    ("", "eval_check"): same,
    ("", "eval_verify"): verify,
    ("", "eval_recognise"): same,
    ("", "eval_exemption"): note_exemption,
    ("", "eval_self_report"): self_report,
    ("", "eval_self_signed"): same,
    ("", "eval_group"): judge_targets,
    ("", "eval_second"): judge_targets,
    ("", "eval_special"): judge_targets,
    ("", "eval_special_signed"): same,
    ("", "eval_leader"): same,
    ("", "grading_marks"): enter_marks,
    ("", "grading_check"): same,
    ("", "grading_deliberation"): deliberate,
    ("", "grading_approval"): approve,
    ("", "survey_design"): design_survey,
    ("", "survey_sampling"): sample,
    ("", "survey_plan"): same,
    ("", "survey_codes"): same,
    ("", "survey_results"): same,
    ("", "survey_report"): survey_report,
    ("", "leader_scope"): same,
    ("", "leader_cast"): lambda task: Reply(),
    ("", "leader_results"): same,
}
