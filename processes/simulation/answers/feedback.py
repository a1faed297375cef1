"""反馈、申诉与公示: score sheets are read, one appeal is right, another is not."""

from decimal import Decimal

from processes.simulation.answers.book import Answers
from processes.simulation.answers.words import first, meeting, same
from processes.simulation.chance import rounded
from processes.simulation.figures import text
from processes.simulation.tasks import Reply, Task

SUCCEEDS = "appeals"
FAILS = "sloppy"
"""The role whose appeal is refused after its review."""


def read_sheet(task: Task) -> Reply:
    """查阅成绩单."""
    role = task.character.role
    return Reply(task.data, "appeal" if role in (SUCCEEDS, FAILS) else "confirm")


def file_appeal(task: Task) -> Reply:
    """填写申诉: the part with the greatest gap to its full mark."""
    data = task.data
    keys = {option["value"] for option in data["component_options"]}
    parts = [part for part in data["parts"] if part["key"] in keys and part["value"]]
    part = max(parts, key=lambda one: (Decimal(one["best"]) - Decimal(one["value"])) / Decimal(one["best"]))
    best, value = Decimal(part["best"]), Decimal(part["value"])
    claimed = rounded(value + (best - value) / 2, 2)
    return Reply(
        {
            **data,
            "component": part["key"],
            "claimed": text(claimed),
            "text": "漏计一项已完成的工作，附佐证材料，请予更正。",
            "evidence": [task.paper("evidence")],
        },
        first(task),
    )


def review(task: Task) -> Reply:
    """独立复核."""
    body = task.subject or task.body
    if body is not None and body.character.role == FAILS:
        return Reply({**task.data, "value": None, "finding": "原评分依据充分，建议维持。"}, "dismiss")
    claimed = task.data.get("claimed")
    value = str(claimed) if claimed is not None else "0"
    return Reply({**task.data, "value": value, "finding": "漏计的一项应当计入。"}, "uphold")


def rule(task: Task) -> Reply:
    """登记裁定."""
    body = task.subject or task.body
    upheld = body is None or body.character.role != FAILS
    fields = meeting(
        task,
        "绩效管理委员会会议",
        decision="upheld" if upheld else "dismissed",
        reason="复核意见属实，同意。",
    )
    return Reply(fields, first(task))


def objections(task: Task) -> Reply:
    """处理公示意见."""
    data = task.data
    data["objections"] = [
        {**row, "adopted": "no", "answer": "经核实，评定依据充分，予以维持。"}
        for row in data.get("objections") or []
    ]
    return Reply(data, first(task))


ANSWERS: Answers = {
    ("", "score_sheet"): read_sheet,
    ("", "appeal_filing"): file_appeal,
    ("", "appeal_signing"): same,
    ("", "appeal_admission"): same,
    ("", "appeal_review"): review,
    ("", "appeal_recheck"): same,
    ("", "appeal_ruling"): rule,
    ("", "result_objections"): objections,
}
