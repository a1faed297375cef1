"""Timer literals: ISO 8601 durations, dates and cycles (a leading `=` marks FEEL, judged elsewhere)."""

import re
from datetime import date, datetime

from engine.bpmn.read.markup import Node, Report, children, local, text_of

_PERIOD = r"P(?=.)(?:\d+Y)?(?:\d+M)?(?:\d+W)?(?:\d+D)?(?:T(?=\d)(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?)?"
_DURATION = re.compile(rf"-?{_PERIOD}", re.ASCII)
_CYCLE = re.compile(rf"R(?P<count>-1|\d*)/(?:(?P<start>[^/]+)/)?(?P<period>{_PERIOD})", re.ASCII)
_LONGEST = 9
"""Digits in one number of a duration: `P999999999M` must not reach any calendar arithmetic."""

_KINDS = ("timeDuration", "timeDate", "timeCycle")


def check_timer(definition: Node, report: Report) -> None:
    """Exactly one of duration, date and cycle, and a literal that can be read."""
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
    if not text.startswith("=") and not _readable(local(found[0]), text):
        report.error(
            definition,
            "timer-unreadable",
            f"看不懂定时 “{text[:60]}”（{local(found[0])}）。",
            "请用 ISO 8601，例如 P2D、2018-06-30T18:00:00+08:00、R3/PT1H，或以“=”开头的 FEEL。",
        )


def _readable(kind: str, text: str) -> bool:
    if kind == "timeDuration":
        return is_duration(text)
    if kind == "timeDate":
        return is_instant(text)
    return is_cycle(text)


def is_duration(text: str) -> bool:
    """An ISO 8601 duration with numbers of a sane size."""
    return _DURATION.fullmatch(text) is not None and all(len(n) < _LONGEST for n in re.findall(r"\d+", text))


def is_instant(text: str) -> bool:
    """An ISO 8601 date or date and time."""
    for read in (date.fromisoformat, datetime.fromisoformat):
        try:
            read(text)
        except ValueError:
            continue
        return True
    return False


def is_cycle(text: str) -> bool:
    """`R3/PT1H`, `R/P1D`, `R/2018-01-01T00:00:00/P1D`."""
    match = _CYCLE.fullmatch(text)
    if match is None or not is_duration(match["period"]):
        return False
    start = match["start"]
    return len(match["count"] or "") < _LONGEST and (start is None or is_instant(start))
