"""What an incident is in words: one sentence that says what failed, and what each act would do."""

from collections.abc import Mapping
from dataclasses import dataclass

from api.language import gettext as _
from api.naming import Naming
from engine.store import Row
from engine.verbs.showing.incident_view import IncidentView, Place


@dataclass(frozen=True)
class PlaceLine:
    """A place where the token may be moved, and what that would close."""

    element_id: str
    name: str
    forward: bool
    told: str


def step_name(naming: Naming, incident: Row) -> str:
    """The name of the step where it stopped; what it is when there is no instance."""
    version = incident["definition_version_id"]
    if not version:
        return _("还没有发起的流程")
    return naming.step(version, incident["element_id"]) if incident["element_id"] else naming.process(version)


def sentence(incident: Row, step: str) -> str:
    """What failed, in one sentence: by the kind of failure, else by what stopped."""
    reason = str(incident["message"]).strip().rstrip("。")
    known = {
        "expression-failed": _("“{step}”的表达式算不出结果：{reason}。"),
        "no-flow-taken": _("“{step}”没有一条路可走：{reason}。"),
        "uncaught-error": _("“{step}”报告的错误没有人处理：{reason}。"),
        "runaway": _("“{step}”一直在绕圈：{reason}。"),
        "stuck": _("“{step}”等不到其他分支：{reason}。"),
        "NobodyAssigned": _("“{step}”找不到办理人：{reason}。"),
        "AlreadySubscribed": _("“{step}”等的消息已有别的流程在等：{reason}。"),
        "poisoned": _("“{step}”的后台工作已损坏：{reason}。"),
        "no-sender": _("“{step}”发不出去：{reason}。"),
        "UnknownService": _("“{step}”要用的服务没有安装：{reason}。"),
        "UnknownKind": _("本版本不认识“{step}”的后台工作：{reason}。"),
        "state-unreadable": _("这个流程保存的状态读不出来：{reason}。"),
    }
    if incident["code"] in known:
        return known[incident["code"]].format(step=step, reason=reason)
    if incident["kind"] == "service":
        return _("服务“{step}”做了 {n} 次都没有成功：{reason}。").format(
            step=step, n=incident["attempts"], reason=reason
        )
    if incident["kind"] == "send":
        return _("“{step}”要发出去的，发了 {n} 次都没有成功：{reason}。").format(
            step=step, n=incident["attempts"], reason=reason
        )
    return _("“{step}”没有成功：{reason}。").format(step=step, reason=reason)


def retry_effect(seen: IncidentView, step: str) -> str:
    """What 重试 would do."""
    if seen.incident["token"] is not None:
        return _("流程马上从“{step}”再试一次。原因没有消除的，仍停在这里，次数加一。").format(step=step)
    if seen.incident["kind"] == "service":
        return _("后台马上再执行服务“{step}”，失败的话按重试次数再试，用完后再列为异常。").format(step=step)
    return _("后台马上再做这件工作；失败的话，再列为异常。")


def skip_effect(seen: IncidentView, step: str) -> str:
    """What 跳过 would do."""
    if seen.drops:
        return _("放弃这件后台工作，流程的其他部分不动。放弃以后不能恢复。")
    if seen.ways:
        return _("“{step}”不再判断，流程走您选的那条路。").format(step=step)
    return _("“{step}”不再执行，当作已经办完，它的结果就是您填写的；流程接着往下走。").format(step=step)


def place_lines(places: tuple[Place, ...], names: Mapping[str, str]) -> list[PlaceLine]:
    """Every place with its effect, in order."""
    return [
        PlaceLine(one.element_id, names.get(one.element_id, one.element_id), one.forward, _told(one, names))
        for one in places
    ]


def _told(place: Place, names: Mapping[str, str]) -> str:
    to = names.get(place.element_id, place.element_id)
    parts = [_("令牌移到“{step}”，从那里接着办。").format(step=to)]
    if place.begins_at:
        parts = [_("整个并行块从“{fork}”重新开始，“{step}”在其中。").format(fork=place.begins_at, step=to)]
    if place.closes:
        held = [(names.get(one.element_id, one.element_id), one.name) for one in place.closes]
        whose = "、".join(f"{step}（{name}）" for step, name in held)
        parts.append(_("关闭 {n} 项待办：{whose}。").format(n=len(place.closes), whose=whose))
    else:
        parts.append(_("不关闭任何人的待办。"))
    if place.stops:
        waits = "、".join(names.get(one, one) for one in place.stops)
        parts.append(_("不再等待：{waits}。").format(waits=waits))
    if not place.forward:
        parts.append(_("那一步和它后面已有的意见标为已取代。"))
    return "".join(parts)
