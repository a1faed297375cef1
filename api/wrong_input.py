"""What a REST call was sent wrong, in Chinese: the common findings of the shapes, each as a sentence."""

from collections.abc import Mapping
from typing import Any

from api.language import gettext as _


def sentence_of(found: Mapping[str, Any]) -> str:
    """A finding of pydantic ({type, msg, ctx}) as one sentence; a plain one for what is not common."""
    kind, context = str(found["type"]), found.get("ctx") or {}
    pattern = _patterns().get(kind) or _by_ending(kind) or _("这一项的内容不对。")
    return pattern.format_map({name: str(value) for name, value in context.items()})


def _patterns() -> dict[str, str]:
    return {
        "missing": _("这一项必须填写。"),
        "extra_forbidden": _("没有这一项，请删去。"),
        "json_invalid": _("请求的内容不是 JSON，或 JSON 不完整。"),
        "string_too_long": _("最多 {max_length} 个字。"),
        "string_too_short": _("至少 {min_length} 个字。"),
        "string_pattern_mismatch": _("格式不对。"),
        "too_long": _("最多 {max_length} 项。"),
        "too_short": _("至少 {min_length} 项。"),
        "greater_than": _("应大于 {gt}。"),
        "greater_than_equal": _("不能小于 {ge}。"),
        "less_than": _("应小于 {lt}。"),
        "less_than_equal": _("不能大于 {le}。"),
        "literal_error": _("只能是 {expected} 之一。"),
        "enum": _("只能是 {expected} 之一。"),
        "unstorable_text": _("文字里有不能保存的字符，请删去后重试。"),
        "unstorable_number": _("有的整数太大，不能保存；请改写成文字。"),
        "unstorable_depth": _("内容套得太深，不能保存。"),
        "model_attributes_type": _("这里应是一个对象。"),
    }


def _by_ending(kind: str) -> str:
    """Findings that differ only in how a value of the wrong kind was given: `int_type`, `int_parsing` …"""
    wanted = {
        "string": _("这里应是文字。"),
        "int": _("这里应是整数。"),
        "float": _("这里应是数字。"),
        "decimal": _("这里应是数字。"),
        "bool": _("这里应是 true 或 false。"),
        "datetime": _("这里应是日期时间，如 2018-03-01T09:00:00+08:00。"),
        "date": _("这里应是日期，如 2018-03-01。"),
        "list": _("这里应是一个列表。"),
        "set": _("这里应是一个列表。"),
        "dict": _("这里应是一个对象。"),
        "model": _("这里应是一个对象。"),
        "uuid": _("这里应是一个编号。"),
    }
    return wanted.get(kind.partition("_")[0], "")
