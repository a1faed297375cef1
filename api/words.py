"""Words that pages and notices share: dates, verbs."""

from datetime import datetime
from zoneinfo import ZoneInfo

from api.language import gettext as _
from engine.clock import ZONE


def local_day(moment: datetime) -> str:
    """2018-05-20, in the assessor's zone."""
    return moment.astimezone(ZoneInfo(ZONE)).date().isoformat()


def local_time(moment: datetime) -> str:
    """2018-05-20 14:30, in the assessor's zone."""
    return moment.astimezone(ZoneInfo(ZONE)).strftime("%Y-%m-%d %H:%M")


def size_words(size: int) -> str:
    """A file's size as people say it."""
    if size < 1024:
        return f"{size} B"
    if size < 1024 * 1024:
        return f"{size / 1024:.0f} KB"
    return f"{size / 1024 / 1024:.1f} MB"


def verb_words(verb: str) -> str:
    """What a verb is called (VERBS: one key, one Chinese term)."""
    known = {
        "start": _("发起"), "claim": _("认领"), "unclaim": _("取消认领"), "complete": _("办理"),
        "save_draft": _("暂存"), "return_to": _("退回"), "urge": _("催办"), "register_for": _("代录"),
        "add_signer": _("加签"), "remove_signer": _("减签"),
        "add_before": _("前加签"), "add_after": _("后加签"),
        "hand_over": _("转办"), "ask": _("委派"), "answer": _("回复委派"), "recall": _("收回"),
        "take_back": _("撤回"), "reinstate": _("恢复有效"),
        "withdraw": _("撤销"), "terminate": _("终止"), "void": _("作废"),
        "reopen": _("恢复办理"), "copy_to": _("抄送"),
        "urge_leader": _("催办并报领导"), "mark_read": _("已阅"),
        "follow": _("关注"), "unfollow": _("取消关注"),
        "timed_out": _("到期自动处理"), "approved_once": _("不重复审批"),
        "cancelled": _("系统收回"), "close": _("系统关闭"),
        "reroute": _("转交"), "stay": _("留办"),
        "migrate": _("换到新版流程"), "migrate_back": _("换回旧版流程"),
        "retry": _("重试"), "correct": _("改正数据"), "skip": _("跳过"), "jump": _("跳转"),
        "suspend": _("挂起"), "resume": _("恢复办理"),
        "remind": _("到期提醒"), "escalate": _("逾期上报"),
    }  # fmt: skip
    return known.get(verb, verb)
