"""月度监控与改进: figures every month, the deputy's consent, yellow lights explained, notices carried out."""

from decimal import Decimal

from processes.simulation.answers.book import Answers
from processes.simulation.answers.words import careless, first, same, sent_back
from processes.simulation.city import Body
from processes.simulation.figures import claimed, goal_of, reached, text
from processes.simulation.tasks import Data, Reply, Task

ADDS_UP = "按月份分摊"
YEARLY = "年度数"


def report(task: Task) -> Reply:
    """填报进度: what the unit has reached by the month's end, or that the figure comes once a year."""
    data, body = task.data, task.body
    month = int(str(task.variables["period"]).partition("-")[2])
    if body is not None:
        data["figures"] = [_said(task, body, row, month) for row in data["figures"]]
    return Reply(data, first(task))


def _said(task: Task, body: Body, row: Data, month: int) -> Data:
    goal, way = goal_of(str(row.get("annual") or "")), str(row.get("way") or "")
    if goal is None or (way.startswith(YEARLY) and month < 12):
        return {**row, "value": None, "no_data": True, "note": "按年统计，本期无数据。"}
    part = claimed(body, row["name"], task.chance)
    mood = Decimal(str(round(task.chance.of("month", body.code, row["name"], month).gauss(1, 0.03), 4)))
    share = Decimal(month) / 12 if way == ADDS_UP else Decimal(1)
    value = reached(goal, part * mood, share=share)
    papers = [task.paper("evidence")] if month % 3 == 0 else []
    return {**row, "value": text(value), "no_data": False, "note": "", "evidence": papers}


def consent(task: Task) -> Reply:
    """审核进度: the deputy; careless reports go back once."""
    if careless(task) and (back := sent_back(task, "数据与台账不一致，请核对后再报。")):
        return back
    return Reply(task.data, first(task))


def explain(task: Task) -> Reply:
    """说明原因."""
    data = task.data
    data["lights"] = [
        {**row, "text": "进度受审批和天气影响，略低于计划。", "remedy": "下月增加力量，倒排工期。"}
        for row in data["lights"]
    ]
    return Reply(data, first(task))


def confirm_notice(task: Task) -> Reply:
    """确认通知: sent as it is proposed."""
    return Reply(task.data, "approve")


def measures(task: Task) -> Reply:
    """制定整改措施."""
    fields = {
        **task.data,
        "measures": "成立专班，逐项列出问题清单，按周调度，月底前完成。",
        "responsible": "分管负责人",
        "promised_on": task.today.fromordinal(task.today.toordinal() + 20).isoformat(),
    }
    return Reply(fields, first(task))


def carried_out(task: Task) -> Reply:
    """落实并上传佐证."""
    return Reply(
        {**task.data, "result": "措施已经落实，进度已赶上。", "evidence": [task.paper("evidence")]},
        first(task),
    )


def check(task: Task) -> Reply:
    """核查整改: careless work fails the first time."""
    fields = {**task.data, "method": "材料", "findings": "查阅台账和佐证材料，情况属实。"}
    if careless(task):
        return Reply({**fields, "findings": "佐证材料不全，措施没有落实。"}, "reject", "佐证不全，重新整改。")
    return Reply(fields, "approve")


def talk(task: Task) -> Reply:
    """约谈."""
    return Reply(
        {**task.data, "talked_on": task.today.isoformat(), "minutes": "听取情况说明，提出整改要求。"},
        first(task),
    )


def close(task: Task) -> Reply:
    """反馈办结."""
    return Reply({**task.data, "feedback": "整改到位，予以办结。"}, first(task))


ANSWERS: Answers = {
    ("", "month_progress"): report,
    ("", "month_progress_review"): consent,
    ("", "month_explanation"): explain,
    ("", "month_bulletin"): same,
    ("", "month_bulletin_sign"): same,
    ("", "notice_draft"): confirm_notice,
    ("", "notice_sign"): same,
    ("", "notice_receipt"): same,
    ("", "notice_measures"): measures,
    ("", "notice_carried_out"): carried_out,
    ("", "notice_check"): check,
    ("", "notice_talk"): talk,
    ("", "notice_closing"): close,
    ("", "datum_correction"): same,
}
