"""Timer literals: ISO 8601 durations, dates and cycles (a leading `=` marks FEEL, judged elsewhere)."""

from engine.bpmn.due import readable
from engine.bpmn.read.markup import Node, Report, children, local, text_of

_KINDS = {"timeDuration": "duration", "timeDate": "date", "timeCycle": "cycle"}


def check_timer(definition: Node, report: Report) -> None:
    """Exactly one of duration, date and cycle, and a literal that a running instance reads as well."""
    found = list(children(definition, *_KINDS))
    if len(found) != 1 or text_of(found[0]) is None:
        report.error(
            definition,
            "timer-empty",
            "定时事件没有（或不止一个）时间。",
            "请填写一个 ISO 8601 时长（P2D）、日期或周期（R3/PT1H），或以“=”开头的 FEEL。",
        )
        return
    text = text_of(found[0]) or ""
    if not text.startswith("=") and not readable(_KINDS[local(found[0])], text):
        report.error(
            definition,
            "timer-unreadable",
            f"看不懂定时 “{text[:60]}”（{local(found[0])}）。",
            "请用 ISO 8601，例如 P2D、2018-06-30T18:00:00+08:00、R3/PT1H，或以“=”开头的 FEEL。",
        )
