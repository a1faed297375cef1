"""创新创优: some units apply, some with a partner; experts of differing severity score blindly."""

from decimal import Decimal

from processes.simulation.answers.book import Answers
from processes.simulation.answers.words import first, meeting, same
from processes.simulation.chance import rounded
from processes.simulation.figures import text
from processes.simulation.tasks import Reply, Task

APPLIES = 0.35
"""The share of units that apply in a year."""
TITLES = ("一窗受理一次办结", "数据共享减材料", "网格联动快处置", "信用承诺免审批", "错时延时便民服务")


def apply(task: Task) -> Reply:
    """申报: a share of the units."""
    body, data = task.body, task.data
    topics = data["topic_options"]
    if body is None or not topics or not task.chance.happens(APPLIES, "innovation", body.code):
        return Reply(data, "none")
    mood = task.chance.of("project", body.code)
    partners = [option["value"] for option in data["unit_options"]]
    joint = mood.random() < 0.2 and bool(partners)
    fields = {
        **data,
        "title": f"{mood.choice(TITLES)}改革（{mood.randint(2, 9)}个环节并联）",
        "topic": mood.choice(topics)["value"],
        "way": "joint" if joint else "solo",
        "partners": [mood.choice(partners)] if joint else [],
        "plan": "分三步推进：摸底、试点、推广，全年完成。",
        "blind_summary": "把多个环节并成一个窗口办理，全程网上流转，群众只跑一次，材料减少一半。",
        "cost": str(mood.randint(5, 80)),
        "national": False,
        "support": "",
    }
    return Reply(fields, "submit")


def closing(task: Task) -> Reply:
    """报送结题材料."""
    fields = {
        **task.data,
        "report": "项目按计划完成，各项成效达到预期。",
        "blind_report": "办结时间大幅缩短，满意率上升，做法已经推广。",
        "spent": str(task.random("spent").randint(4, 70)),
        "files": [task.paper("files")],
        "blind_files": [task.paper("blind_files")],
    }
    return Reply(fields, first(task))


def check_closing(task: Task) -> Reply:
    """核验结题材料."""
    return Reply(
        {**task.data, "verified": text(rounded(task.random("verified").uniform(0.2, 0.9), 2))}, "approve"
    )


def declare(task: Task) -> Reply:
    """申报利益关系: now and then somebody is tied."""
    if task.likely(0.04, "tie"):
        return Reply({**task.data, "tie": "曾参与该项目论证"}, "conflict")
    return Reply({**task.data, "tie": ""}, "clear")


def score(task: Task) -> Reply:
    """盲评打分: the project's worth, less the expert's severity."""
    data = task.data
    worth = task.chance.of("worth", data["number"]).uniform(0.7, 0.97)
    for row in data["marks"]:
        seen = Decimal(repr(worth)) - task.judge.strict
        luck = Decimal(repr(task.chance.of("eye", task.login, data["number"], row["name"]).gauss(0, 0.02)))
        row["value"] = text(rounded(min(max(seen + luck, Decimal(0)), Decimal(1)), 2))
    return Reply({**data, "text": "思路清楚，成效明显，可以推广。"}, first(task))


def seats(task: Task) -> Reply:
    """核定专家名单: as assigned."""
    return same(task)


def seat_choice(task: Task) -> Reply:
    """指定专家: the seat stays empty."""
    return Reply(task.data, "vacant", "没有合适的专家。")


def statement(task: Task) -> Reply:
    """提交陈述."""
    return Reply(
        {**task.data, "speaker": "项目负责人", "statement": "背景、做法、成效、推广。", "files": []},
        first(task),
    )


def synthesis(task: Task) -> Reply:
    """登记综合评审: all are proposed."""
    rows = [{**row, "result": "passed"} for row in task.data["results"]]
    return Reply({**task.data, **meeting(task, "综合评审会", results=rows)}, first(task))


def awards(task: Task) -> Reply:
    """登记同分裁定, 批准: as the calculation proposes; of equals, in the order of the list."""
    return Reply({**task.data, **meeting(task, "绩效管理委员会会议")}, first(task))


def objection(task: Task) -> Reply:
    """处理异议."""
    return Reply({**task.data, "answer": "经核实，异议不成立。"}, "reject")


ANSWERS: Answers = {
    ("", "innovation_catalogue"): same,
    ("", "innovation_application"): apply,
    ("", "innovation_card"): same,
    ("", "innovation_closing"): closing,
    ("", "innovation_closing_check"): check_closing,
    ("", "innovation_declare"): declare,
    ("", "innovation_score"): score,
    ("", "innovation_seats"): seats,
    ("", "innovation_matrix"): same,
    ("", "innovation_seat_choice"): seat_choice,
    ("", "innovation_statement"): statement,
    ("", "innovation_synthesis"): synthesis,
    ("", "innovation_awards"): awards,
    ("", "innovation_objection"): objection,
}
