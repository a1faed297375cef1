"""What people call kinds of notices, ways and states."""

from collections.abc import Mapping

from api.language import gettext as _
from engine.runtime.notices.kinds import Kind


def kind_names() -> Mapping[Kind, str]:
    """The kinds of notices, in the order of the page."""
    return {
        "task": _("新任务"),
        "returned": _("被退回"),
        "urged": _("被催办"),
        "due_soon": _("快到期"),
        "overdue": _("已逾期"),
        "mentioned": _("提到我"),
        "copied": _("抄送我"),
        "followed": _("关注的进展"),
        "incident": _("流程异常"),
        "announcement": _("公告和其他"),
    }


def how_names() -> Mapping[str, str]:
    """When somebody is told."""
    return {"now": _("马上"), "digest": _("每日汇总"), "off": _("不发")}


def state_names() -> Mapping[str, str]:
    """What became of a delivery."""
    return {
        "waiting": _("等到时间"),
        "sending": _("正在发"),
        "failing": _("没有发出，会再试"),
        "sent": _("已发出"),
        "needless": _("已不需要"),
    }
