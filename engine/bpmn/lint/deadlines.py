"""Level dialect: reminders, what the clock does when a date has passed, and approvals of one's own."""

from engine.bpmn.lint.finding import say
from engine.bpmn.model import Element
from engine.bpmn.outcomes import outcomes_of
from engine.bpmn.read.markup import Report
from engine.bpmn.reminders import parts_of, read_lead

_NEED_DUE = ("bihuan:remind", "bihuan:escalate", "bihuan:overdueOutcome", "bihuan:overdueTo")
_WORDS = {"bihuan:ownApproval": ("allowed", "forbidden"), "bihuan:sameApprover": ("once", "ask")}


def check_deadlines(task: Element, report: Report) -> None:
    """`bihuan:remind`, `bihuan:escalate`, `bihuan:overdue…`, `bihuan:ownApproval`, `bihuan:sameApprover`."""
    for part in parts_of(task.properties.get("bihuan:remind", "")):
        if read_lead(part) is None:
            hint = (
                "请写 P3D（3 天）、P5WD（5 个工作日）、P1W 或 PT4H；过期以后反复提醒写 R/P1WD；用逗号隔开。"
            )
            say(task, "remind-unreadable", f"看不懂提醒时间 “{part}”。", hint, report)
    if any(task.properties.get(name) for name in _NEED_DUE) and task.due_date is None:
        hint = "请填 zeebe:taskSchedule 的 dueDate。"
        message = "有提醒、升级或到期处理，却没有期限。"
        say(task, "due-missing", message, hint, report, severity="warning")
    _overdue(task, report)
    for name, words in _WORDS.items():
        said = task.properties.get(name)
        if said is not None and said not in words:
            say(task, "word-unknown", f"看不懂 {name} 的 “{said}”。", f"可写 {'、'.join(words)}。", report)
    if task.properties.get("bihuan:sameApprover") == "once" and "bihuan:vote" in task.properties:
        hint = "几个人签署的步骤里，同一人本来就只签一次；请去掉 bihuan:sameApprover。"
        say(task, "same-approver-votes", "bihuan:sameApprover 只用在一人办理的步骤。", hint, report)


def _overdue(task: Element, report: Report) -> None:
    outcome, to = (task.properties.get(f"bihuan:overdue{what}") for what in ("Outcome", "To"))
    keys = [one.key for one in outcomes_of(task.properties)]
    if outcome is not None and outcome.strip() not in keys:
        hint = f"请写本步骤办理结果的键：{'、'.join(keys)}。"
        say(task, "overdue-unknown", f"到期后的结果 “{outcome}” 不在办理结果之中。", hint, report)
    if outcome is not None and to is not None:
        hint = "请只留一个：bihuan:overdueOutcome（按规定视为某个结果）或 bihuan:overdueTo（转给别人）。"
        say(task, "overdue-twice", "到期后既要有结果，又要转给别人。", hint, report)
    if outcome is not None and "bihuan:registers" in task.properties:
        hint = "代录的是别人的决定，系统不能代为决定；请改用 bihuan:overdueTo 或 bihuan:escalate。"
        say(task, "overdue-registers", "代录的步骤不能到期自动办理。", hint, report)
    if to is not None and "bihuan:vote" in task.properties:
        hint = "几个人签署的步骤请用 bihuan:escalate 或 bihuan:overdueOutcome。"
        say(task, "overdue-votes", "几个人签署的步骤不能到期整个转给别人。", hint, report)
