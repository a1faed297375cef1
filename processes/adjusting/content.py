"""What a target says, and shall say after an adjustment, in the shape of a version."""

from collections.abc import Mapping
from typing import Any

from processes.planning.differences import differences
from processes.planning.entry import number_of, rows_in, text_of
from processes.planning.reading import MONTH_FIELDS, MeasureView, TargetView
from processes.planning.versions import exact_text

Content = dict[str, Any]


def content_of(target: TargetView) -> Content:
    """What the target says now: `{title, text, weight, division, responsible, measures, figures}`."""
    row = target.row
    return {
        "title": row["title"],
        "text": row["text"],
        "weight": exact_text(row["weight"]),
        "division": "",
        "responsible": row["responsible"],
        "measures": row["measures"],
        "figures": [_figure(measure) for measure in target.measures],
    }


def wanted(target: TargetView, data: Mapping[str, Any], *, months: list[int]) -> Content:
    """What the form asks the target to say: its words, and figures with milestones."""
    given = {str(row.get("id")): row for row in rows_in(data, "figures")}
    now = content_of(target)
    figures = [
        {
            **figure,
            "value": _number(row, "value", figure["value"]),
            "milestones": _milestones(row, figure["milestones"], months=months),
        }
        for figure in now["figures"]
        for row in [given.get(figure["measure"], {})]
    ]
    return {**now, "text": text_of(data.get("text", now["text"])), "figures": figures}


def has_substance(before: Content, after: Content) -> bool:
    """Does more change than milestones: the words, or a yearly figure?"""
    old, new = ([figure["value"] for figure in one["figures"]] for one in (before, after))
    return bool(before["text"] != after["text"] or old != new)


def changes_in_words(before: Content, after: Content) -> str:
    """What changes, in one sentence: 年度目标：51 → 53。"""
    return "；".join(str(one) for one in differences(before, after))


def figure_rows(content: Content) -> list[dict[str, Any]]:
    """Form rows of the figures of a content."""
    return [
        {
            "id": figure["measure"],
            "name": figure["name"],
            "unit": figure["unit"],
            "value": figure["value"],
            **{name: figure["milestones"].get(str(month)) for month, name in MONTH_FIELDS.items()},
        }
        for figure in content["figures"]
    ]


def _figure(measure: MeasureView) -> dict[str, Any]:
    return {
        "measure": measure.id,
        "name": measure.row["name"],
        "unit": measure.row["unit"],
        "comparator": measure.row["comparator"],
        "value": exact_text(measure.value),
        "awaits": measure.row["awaits"],
        "milestones": {str(month): exact_text(value) for month, value in sorted(measure.milestones.items())},
    }


def _number(row: Mapping[str, Any], name: str, before: str | None) -> str | None:
    return exact_text(number_of(row[name])) if name in row else before


def _milestones(
    row: Mapping[str, Any], before: Mapping[str, str | None], *, months: list[int]
) -> dict[str, str | None]:
    """The milestones of the months that the form shows as it says, of others as before."""
    asked = {str(month): _number(row, MONTH_FIELDS[month], before.get(str(month))) for month in months}
    found = {**before, **asked}
    return {month: found[month] for month in sorted(found, key=int) if found[month] is not None}
