"""A notice as a sentence: on its page, for programs, and in letters, for which no page need be loaded."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from api.inbox.lines import status_words
from api.language import gettext as _
from api.naming import Naming
from api.words import verb_words
from engine.store import Row


@dataclass(frozen=True)
class NoticeLine:
    """One notice as a sentence, with where it leads."""

    sentence: str
    href: str
    at: datetime
    unread: bool


def notice_line(row: Row, naming: Naming, *, home: str | None) -> NoticeLine:
    """The sentence of a notice by its kind, and where it leads; `home` is the reader's unit."""
    params = row["params_json"]
    sentence = _sentence(row["kind"], params, naming)
    for text in (str(params.get("text") or params.get("reason") or ""), str(params.get("instead", ""))):
        if not text or text in sentence:
            continue
        sentence = _("{sentence}（{text}）").format(sentence=sentence, text=text)
    return NoticeLine(sentence, _address(row, home), row["created_at"], row["read_at"] is None)


def _sentence(kind: str, params: Mapping[str, Any], naming: Naming) -> str:
    about, version, element = str(params.get("subject", "")), params.get("version"), params.get("element")
    step = naming.step(version, element) if version and element else ""
    what = " · ".join(part for part in (step, about, str(params.get("matter", ""))) if part)
    who = str(params.get("from", ""))
    comes = _("任务到您手里，请接着办：{what}") if params.get("again") else _("新任务：{what}")
    sentences = {
        "task": comes.format(what=_with_day(what, params)),
        "returned": _("{who}退回：{what}").format(who=who, what=_with_day(what, params)),
        "remind": _("快到期了：{what}").format(what=what),
        "overdue": _("已逾期：{what}").format(what=what),
        "escalate": _("已逾期，请督促：{what}").format(what=what),
        "urge": _("{who}催办：{what}").format(who=who or _("绩效办"), what=what),
        "hand_over": _("{who}转办给您：{what}").format(who=who, what=what),
        "vacant": _("转来待办：{what}。{why}").format(what=what, why=params.get("notice", "")),
        "back": _("转来待办：{what}。{why}").format(what=what, why=params.get("notice", "")),
        "mention": _("{who}在评论里提到您：{what}").format(who=who, what=what),
        "urge_leader": _("{who}催办并报您：{what}").format(who=who or _("绩效办"), what=what),
        "copy_to": _("{who}抄送给您：{what}").format(who=who, what=what),
        "progress": _progress(what, params),
        "ended": _("{who}结束了流程，这项任务不用再办：{what}").format(who=who or _("系统"), what=what),
        "taken_back": _("{who}撤回了退回，这项任务不用再办：{what}").format(who=who, what=what),
        "incident": _incident(what, params),
    }
    return sentences.get(kind) or str(params.get("notice") or what or params.get("text") or kind)


def _progress(what: str, params: Mapping[str, Any]) -> str:
    """您关注的流程: who did what, or how it ended."""
    status = str(params.get("status", "running"))
    if status != "running":
        return _("您关注的流程{state}：{what}").format(state=status_words(status)[0], what=what)
    verb, who = verb_words(str(params.get("verb", ""))), str(params.get("from", ""))
    return _("您关注的流程有进展（{who}{verb}）：{what}").format(who=who, verb=verb, what=what)


def _incident(what: str, params: Mapping[str, Any]) -> str:
    if params.get("about") == "send":
        return _("发到外面的信没有送到：{what}").format(what=what or params.get("element", ""))
    return _("流程停住了：{what}").format(what=what or _("还没有发起的流程"))


def _with_day(what: str, params: Mapping[str, Any]) -> str:
    day = params.get("due_on")
    return _("{what}（期限 {day}）").format(what=what, day=day) if day else what


def _address(row: Row, home: str | None) -> str:
    home = row["params_json"].get("meant_unit_id") or home
    if "units" in row["params_json"]:
        return "/office"
    if row["kind"] == "incident":
        return f"/office/incidents/{row['params_json']['incident']}"
    if row["kind"].startswith("decomposition.") and "unit" not in row["params_json"]:
        return "/duties"  # told to a person, not to a unit
    if "unit" in row["params_json"] and home:
        page = {"monitoring": "progress", "feedback": "score", "decomposition": "decomposition"}.get(
            str(row["kind"]).partition(".")[0], "targets"
        )
        return f"/units/{home}/{page}"
    if row["item_id"]:
        return f"/tasks/{row['item_id']}"
    return f"/instances/{row['instance_id']}" if row["instance_id"] else ""
