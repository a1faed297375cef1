"""挑战指标与目标调整: a unit declares more than it must, or asks for less; others verify and decide."""

from decimal import Decimal

from processes.simulation.answers.book import Answers
from processes.simulation.answers.fallback import fill_anything, with_values
from processes.simulation.answers.words import first, meeting
from processes.simulation.chance import rounded
from processes.simulation.figures import goal_of, text
from processes.simulation.tasks import Data, Reply, Task


def declare(task: Task) -> Reply:
    """填报挑战申报: a little above the target, far above the unit's own best."""
    data = task.data
    if not data.get("measure_options"):
        return fill_anything(task)
    chosen = data["measure_options"][0]
    goal = goal_of(str(chosen["label"]).rpartition("（")[2])
    if goal is None:
        return fill_anything(task)
    better = Decimal("0.98") if goal.down or goal.value < 0 else Decimal("1.02")
    fields: Data = {
        **data,
        "measure": chosen["value"],
        "value": text(rounded(goal.value * better, 2)),
        "benchmark": "同类城市",
        "benchmark_value": text(rounded(goal.value, 2)),
        "rank": "2",
        "rank_before": "7",
        "own_best": text(rounded(goal.value * (Decimal("1.3") if goal.down else Decimal("0.8")), 2)),
        "own_best_year": str(task.city.year - 1),
        "grounds": "统计年鉴和部门月报；已列入重点工作，有把握完成。",
        "files": [task.paper("files")],
    }
    return Reply(fields, first(task))


def verify(task: Task) -> Reply:
    """核对基准数据: they are as the unit says."""
    return Reply({**task.data, "finding": "与统计年鉴核对一致。"}, first(task))


def supplement(task: Task) -> Reply:
    """补正或放弃: given up."""
    return Reply({**task.data, "remark": "条件不足，放弃申报。"}, "give_up")


def ask(task: Task) -> Reply:
    """填写调整申请: a superior paper asks for a twentieth less."""
    data = task.data
    for row in data.get("figures") or []:
        value = Decimal(row["value"])
        row["value"] = text(rounded(value * Decimal("0.95"), 2))
    fields = {
        **data,
        "cause": "objective",
        "ground": "superior",
        "paper": "上级〔年中〕调整通知",
        "text": f"{data.get('text') or ''}（按上级通知调整）",
        "reason": "上级年中下调任务，本单位目标相应调整。",
        "files": [task.paper("files")],
    }
    return Reply(fields, first(task))


def body_decides(task: Task) -> Reply:
    """登记绩效委、市委市政府的决定: agreed."""
    filled = fill_anything(task).fields
    fields = meeting(task, "专题会议", result="passed", remark="同意调整。")
    return Reply({**filled, **fields}, first(task))


def propose_keys(task: Task) -> Reply:
    """拟选关键性挑战指标: every third challenge, the first of them in any case."""
    data = task.data
    data["rows"] = [{**row, "proposed": place % 3 == 0} for place, row in enumerate(data["rows"])]
    return Reply(data, first(task))


def register_keys(task: Task) -> Reply:
    """登记选取决定: as proposed."""
    return Reply({**task.data, **meeting(task, "绩效管理委员会会议")}, first(task))


ANSWERS: Answers = {
    ("", "key_proposal"): propose_keys,
    ("", "key_decision"): register_keys,
    ("", "adjustment_entry"): ask,
    ("", "adjustment_card"): fill_anything,
    ("", "adjustment_review"): with_values(remark="情况属实，同意。"),
    ("", "adjustment_opinion"): with_values(remark="同意调整，不影响专项目标。"),
    ("", "adjustment_office_decision"): with_values(remark="同意。"),
    ("", "adjustment_decision"): body_decides,
    ("challenge_indicator", "declare"): declare,
    ("challenge_indicator", "supplement"): supplement,
    ("", "challenge_card"): fill_anything,
    ("", "challenge_check"): verify,
    ("", "challenge_review"): fill_anything,
}
