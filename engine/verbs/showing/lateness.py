"""Who was faster, in the sentence for who comes too late: by name, and what it was that they did."""

from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from engine.runtime.steps.closing import DECIDED
from engine.runtime.steps.step import NotRunning
from engine.store import Queries, Row
from engine.work.items import Item

QUERIES = Queries(Path(__file__).with_name("lateness.sql"))
ENDINGS = {"terminate": "终止", "void": "作废", "withdraw": "撤销"}
NAMES = {
    **ENDINGS,
    "claim": "认领", "unclaim": "取消认领", "complete": "办理", "register_for": "代录", "answer": "回复委派",
    "return_to": "退回", "take_back": "撤回", "jump": "跳转", "reopen": "恢复办理", "recall": "收回",
    "hand_over": "转办", "ask": "委派", "add_signer": "加签", "add_before": "前加签", "add_after": "后加签",
    "remove_signer": "减签", "urge": "催办", "urge_leader": "催办并报领导", "reroute": "转交",
    "retry": "重试", "skip": "跳过", "correct": "改正数据", "migrate": "迁移",
    "suspend": "挂起", "resume": "恢复办理",
}  # fmt: skip
_GONE_ON = "流程已转到别的环节"


def why_closed(connection: Connection, last: Row) -> str:
    """The sentence for who still has the page of an item that is closed; `last` is the last act on it."""
    who, verb = last["person_name"], last["verb"]
    if verb == "close" and last["outcome"] == DECIDED:
        return "本环节已由其他签署人作出决定，您这一份由系统关闭，不算同意，也不算不同意。"
    if verb == "close":
        return _why_closed_by_system(connection, last["id"])
    if verb == "remove_signer":
        return f"{who}已减签：这项任务不用再签署。"
    if verb == "recall":
        return f"此任务已由{who}收回，不用再办。"
    return f"此任务已由{who}办理完毕，不能重复办理。"


def why_over(connection: Connection, instance_id: str, status: str, *, zone: str) -> str:
    """Why nothing moves in an instance that is over: who ended it and why, or that it came to its end."""
    a, b, c = ENDINGS
    act = QUERIES.row(connection, "last_upon", instance_id=instance_id, element_id="", a=a, b=b, c=c)
    if status == "completed" or act is None:
        return f"{NotRunning(status)}。"
    on, why = act["happened_at"].astimezone(ZoneInfo(zone)).date(), _because(act["reason"])
    return f"流程已于 {on} 由{act['person_name']}{ENDINGS[act['verb']]}{why}，不能再办理。"


def why_open(connection: Connection, instance_id: str) -> str:
    """Why an instance need not be opened again: nobody has ended it, or somebody was faster."""
    act = QUERIES.row(connection, "reopened_by", instance_id=instance_id)
    if act is None:
        return "流程没有办结，不用恢复办理。"
    return f"流程已由{act['person_name']}恢复办理，不用再恢复。"


def why_not_there(connection: Connection, instance_id: str) -> str:
    """Why a token cannot be moved to where it was meant to go: somebody has moved it since, perhaps."""
    act = QUERIES.row(connection, "moved_by", instance_id=instance_id)
    since = f"（{act['person_name']}刚移动过）" if act else ""
    return f"令牌已经不在原来的地方{since}，请重新选择移到哪里。"


def why_changed(connection: Connection, item: Item) -> str:
    """What has happened with an open item since somebody looked at it."""
    place = {"instance_id": item.instance_id, "element_id": item.element_id}
    act = QUERIES.row(connection, "changed_by", **place)
    since = f"（{act['person_name']}{NAMES[act['verb']]}）" if act and act["verb"] in NAMES else ""
    return f"此任务在您打开之后有过变动{since}，请看过再办理。"


def why_moved(connection: Connection, instance_id: str) -> str:
    """What has happened in an instance since somebody looked at it."""
    act = QUERIES.row(connection, "last_act", instance_id=instance_id)
    since = f"（{act['person_name']}{NAMES[act['verb']]}）" if act and act["verb"] in NAMES else ""
    return f"流程在您打开之后有过变动{since}，没有任何改动；请看过现在的结果再决定。"


def _why_closed_by_system(connection: Connection, event_id: str) -> str:
    act = QUERIES.row(connection, "closed_by", id=event_id)
    if act is None or act["verb"] not in NAMES:
        return f"此任务已由系统关闭：{_GONE_ON}。"
    did = f"{act['person_name']}{NAMES[act['verb']]}"
    if act["verb"] in ENDINGS:
        return f"此任务已由系统关闭：流程由{did}{_because(act['reason'])}，不用再办。"
    return f"此任务已由系统关闭：{did}，{_GONE_ON}。"


def _because(reason: str | None) -> str:
    return f"（{reason.rstrip('。')}）" if reason else ""
