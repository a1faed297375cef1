"""分数线和名额 as people read them beside a grade; what the scheme does not state is marked as a default."""

from collections.abc import Mapping
from typing import Any

DEFAULT = "（默认值：方案依据的文件没有写明）"
ROUNDED = {"ceiling": "，向上取整", "floor": "，向下取整"}


def lines_of(content: Mapping[str, Any]) -> list[str]:
    """What decides the grade under a profile's content, one sentence each: lines of zones, or the quota."""
    grades = content["scoring"]["grades"]
    if grades["way"]["value"] == "zones":
        return [_zones(grades)]
    return [_quota(grades)]


def _zones(grades: Mapping[str, Any]) -> str:
    zones, cutoffs = grades["zones"]["value"], grades["cutoffs"]["value"]
    above = [f"{zone}区 {line} 分以上" for zone, line in zip(zones, cutoffs, strict=False)]
    return f"分数线：{'，'.join(above)}，其余{zones[-1]}区{_mark(grades['cutoffs'])}。"


def _quota(grades: Mapping[str, Any]) -> str:
    best, share, rounding = grades["names"]["value"][0], grades["share"], grades["rounding"]
    among = "全部单位" if grades["scope"]["value"] == "all" else "各组单位"
    if rounding["value"] == "fixed":
        return f"“{best}”的名额：{among}中 {share['value']} 个{_mark(share)}。"
    how = ROUNDED[rounding["value"]]
    return f"“{best}”的名额：{among}的 {share['value']}%{how}{_mark(share, rounding, grades['scope'])}。"


def _mark(*entries: Mapping[str, Any]) -> str:
    return DEFAULT if any(entry.get("assumption") for entry in entries) else ""
