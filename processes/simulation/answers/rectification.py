"""评价—整改—反馈: opinions are sorted and handled, promises published and kept, satisfaction counted."""

from datetime import date, timedelta

from processes.simulation.answers.book import Answers
from processes.simulation.answers.words import first, same
from processes.simulation.tasks import Reply, Task

VOTES = 180


def merge(task: Task) -> Reply:
    """梳理归并: each opinion is an issue of its own, of the unit that it names."""
    data = task.data
    units = [option["value"] for option in data["unit_options"]]
    known = {option["value"]: option["label"] for option in data["unit_options"]}
    for row in data["opinions"]:
        row["do"] = "new"
        row["unit"] = row["unit"] if row.get("unit") in known else units[0]
    return Reply(data, first(task))


def classify(task: Task) -> Reply:
    """归类定单位: hot issues can be solved this year; others as they are."""
    data = task.data
    units = [option["value"] for option in data["unit_options"]]
    for row in data["issues"]:
        row["unit"] = row.get("unit") or units[0]
        row["solvable"] = row["solvable"] or bool(row.get("impact"))
    return Reply(data, first(task))


def sort(task: Task) -> Reply:
    """归类分派: to the unit that is meant; what many say becomes a key issue."""
    data = task.data
    units = [option["value"] for option in data["unit_options"]]
    key = "多次" in str(data.get("text"))
    fields = {
        **data,
        "unit": data.get("unit") or units[0],
        "title": data.get("title") or "群众意见",
        "urgency": data.get("urgency") or "general",
        "volume": 20 if key else 1,
        "impact": key,
        "solvable": key,
        "public_text": "群众反映的事项" if key else "",
    }
    return Reply(fields, "dispatch")


def plan(task: Task) -> Reply:
    """填报整改计划."""
    day = task.today + timedelta(days=45 + task.random("finish").randint(0, 30))
    return Reply(
        {
            **task.data,
            "content": "逐项解决群众反映的问题。",
            "steps": "先摸底，再整改，后回访。",
            "leader": "分管负责人",
            "division": "业务科",
            "measures": "列出清单，公开承诺，按月通报进展。",
            "finish_on": day.isoformat(),
        },
        first(task),
    )


def progress(task: Task) -> Reply:
    """报告进展: done when the promised day is near."""
    finish = task.data.get("finish_on")
    near = not finish or date.fromisoformat(str(finish)) - task.today < timedelta(days=20)
    outcome = "finish" if near and "finish" in task.outcomes else first(task)
    return Reply({**task.data, "text": "整改按计划推进，已完成大部分措施。"}, outcome)


def done(task: Task) -> Reply:
    """申报完成."""
    return Reply(
        {**task.data, "text": "承诺的措施全部完成，问题已经解决。", "files": [task.paper("files")]},
        first(task),
    )


def counts(task: Task) -> Reply:
    """录入专项满意度: who is liked passes at once, others in the second round."""
    body = task.subject or task.body
    liked = (body.character.liked if body else 0.8) + 0.09 * int(task.variables.get("round") or 1)
    mood = task.random("counts")
    votes = [0] * 5
    for _ in range(VOTES):
        good = mood.random() < min(liked, 0.97)
        votes[mood.choice((0, 0, 1, 1, 2)) if good else mood.choice((3, 4))] += 1
    fields = {f"level_{number}": votes[number - 1] for number in range(1, 6)}
    return Reply({**task.data, **fields, "abstained": mood.randint(0, 12)}, first(task))


def answer(task: Task) -> Reply:
    """办理答复."""
    return Reply({**task.data, "answer": "已经办理，具体情况已向您说明。谢谢您的意见。"}, first(task))


def settle(task: Task) -> Reply:
    """核定: closed, but once more where who said it is not content."""
    verdict = str(task.data.get("verdict") or "")
    again = "没有解决" in verdict and task.item.round == 1
    fields = {**task.data, "reason": "请再次办理，直到解决。" if again else "办理到位。", "public": True}
    return Reply(fields, "redo" if again else "close")


def reassign(task: Task) -> Reply:
    """改派, 裁定: the same unit."""
    return Reply({**task.data, "reason": "属于该单位职责，请办理。"}, first(task))


def comment(task: Task) -> Reply:
    """答复公众意见."""
    return Reply({**task.data, "answer": "谢谢关注，整改正在进行。"}, first(task))


def complaint(task: Task) -> Reply:
    """答复绩效管理投诉."""
    return Reply({**task.data, "reply": "经调查，程序合规，已向您说明。"}, first(task))


ANSWERS: Answers = {
    ("", "rect_merge"): merge,
    ("", "rect_classify"): classify,
    ("", "rect_sort"): sort,
    ("", "rect_sign"): same,
    ("", "rect_plan"): plan,
    ("", "rect_plan_review"): same,
    ("", "rect_progress"): progress,
    ("", "rect_done"): done,
    ("", "rect_check"): same,
    ("", "rect_counts"): counts,
    ("", "rect_answer"): answer,
    ("", "rect_settle"): settle,
    ("", "rect_reassign"): reassign,
    ("", "rect_listed"): same,
    ("", "rect_comment"): comment,
    ("", "rect_screen"): same,
    ("", "rect_complaint"): complaint,
}
