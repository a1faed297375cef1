"""The report of a virtual year: one page of HTML that needs nothing else."""

from collections import Counter
from datetime import date, timedelta
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sqlalchemy import Connection

from processes.cycle.reading import scheme_of
from processes.evaluation.grading.marks import components_of
from processes.rectification.following import RESULTS
from processes.simulation.characters import ROLES
from processes.simulation.running import Simulated
from processes.simulation.story import COLOURS, Stage, said_of, story_of

WIDTH = 760
"""Of the line of time, in pixels."""


def report_of(connection: Connection, done: Simulated) -> str:
    """The page. Texts are escaped; nothing is loaded from anywhere."""
    story = story_of(connection, done.city)
    scheme = scheme_of(connection, done.city.cycle_id)
    units, components = done.outcome.units, components_of(scheme)
    keys = {one.key for one in components}
    page = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined
    ).get_template("report.html")
    said = done.as_json()
    return page.render(
        title=done.order.profile.title,
        order=done.order,
        said=said,
        grades=Counter(unit["grade"] for unit in units),
        units=units,
        components=[one for one in components if one.kind != "flag"],
        vetoed={unit["unit"] for unit in units if unit["components"].get("veto")},
        roles={body.name: said_of(body, keys) for body in done.city.assessed},
        meanings=ROLES,
        best=max((float(unit["total"]) for unit in units), default=1.0),
        floor=0.9 * min((float(unit["total"]) for unit in units), default=0.0),
        quota=_quota(scheme),
        story=story,
        colours=COLOURS,
        line=_line(story.stages),
        ticks=_ticks(story.stages),
        results=RESULTS,
        outcome=done.outcome,
        citizens=done.citizens,
        per_item=round(1000 * done.wall_seconds / max(1, done.outcome.work_items), 1),
    )


def _quota(scheme: object) -> str:
    """What the profile says of the best grade's quota, and whether it is an assumption."""
    grades = scheme["scoring"]["grades"]  # type: ignore[index]
    if grades["way"]["value"] != "quota":
        return ""
    share, name = grades["share"], grades["names"]["value"][0]
    rounding = {"ceiling": "向上取整", "floor": "向下取整"}.get(grades["rounding"]["value"], "")
    marked = "（默认）" if share.get("assumption") else ""
    return f"{name}名额：单位数的 {share['value']}%，{rounding}{marked}"


def _line(stages: list[Stage]) -> list[dict[str, object]]:
    """Each stage as a bar: where it begins and how long it is, in pixels of the whole time."""
    first, days = _span(stages)
    return [
        {
            "name": stage.name,
            "count": stage.count,
            "begun": stage.begun.isoformat(),
            "over": stage.over.isoformat() if stage.over else "未结束",
            "left": _place(stage.begun, first, days),
            "width": max(3.0, _place(_end(stage), first, days) - _place(stage.begun, first, days)),
        }
        for stage in stages
    ]


def _ticks(stages: list[Stage]) -> list[dict[str, object]]:
    """The beginnings of months on the line, every second one; January says its year."""
    first, days = _span(stages)
    starts = [first + timedelta(days=number) for number in range(days)]
    return [
        {
            "left": _place(day, first, days),
            "label": f"{day.year}年" if day.month == 1 else f"{day.month}月",
        }
        for day in starts
        if day.day == 1 and day.month % 2
    ]


def _span(stages: list[Stage]) -> tuple[date, int]:
    first = min((stage.begun for stage in stages), default=date.min)
    last = max((_end(stage) for stage in stages), default=date.min)
    return first, max(1, (last - first).days)


def _end(stage: Stage) -> date:
    return stage.over or stage.begun


def _place(day: date, first: date, days: int) -> float:
    return round(WIDTH * (day - first).days / days, 1)
