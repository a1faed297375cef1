"""What the lists of work are called, their columns, and what they say when they are empty."""

from collections.abc import Mapping

from api.inbox.asked import Asked
from api.language import gettext as _


def headings() -> dict[str, str]:
    """The lists and their names."""
    return {
        "mine": _("待办"),
        "claimable": _("待认领"),
        "done": _("已办"),
        "started": _("我发起"),
        "copies": _("抄送我"),
        "following": _("关注"),
    }


def column_words(tab: str, name: str) -> str:
    """The heading of a column in a list."""
    at = {"done": _("时间"), "started": _("发起"), "copies": _("送来"), "following": _("从何时起")}
    known = {
        "step": _("我做的") if tab == "done" else _("要做的"),
        "from": _("来自"),
        "due": _("期限"),
        "unit": _("单位"),
        "process": _("流程"),
        "year": _("年度"),
        "received": _("收到"),
        "state": _("现在"),
        "text": _("附言"),
        "at": at.get(tab, _("时间")),
    }
    return known[name]


def summary(asked: Asked, names: Mapping[str, str]) -> str:
    """What a list is narrowed to and, where somebody chose it, how it is shown, in words; `names` as in
    `narrowed.names_of`."""
    wanted = asked.wanted
    due = {"late": _("已逾期"), "today": _("今天到期"), "week": _("七天内到期"), "none": _("无期限")}
    orders = {"new": _("最新收到在前"), "unit": _("按单位排序"), "process": _("按流程排序")}
    parts = [
        _("搜“{text}”").format(text=wanted.search) if wanted.search else "",
        _("流程“{name}”").format(name=names.get(wanted.process, wanted.process)) if wanted.process else "",
        _("单位“{name}”").format(name=names.get(wanted.unit, wanted.unit)) if wanted.unit else "",
        _("{year} 年度").format(year=wanted.year) if wanted.year else "",
        due.get(wanted.due, ""),
        _("被退回") if wanted.returned else "",
        _("被催办") if wanted.urged else "",
        _("未读") if wanted.unread else "",
        orders.get(wanted.sort, ""),
    ]
    said = "，".join([part for part in parts if part] or [_("全部")])
    if "columns" not in asked.parameters:
        return said
    columns = "、".join(column_words(asked.tab, name) for name in asked.columns)
    return _("{said}；列：{names}").format(said=said, names=columns)


def empty_words(tab: str, counts: Mapping[str, int]) -> tuple[str, ...]:
    """Icon, heading and advice of an empty list; where there is something to do, its address and words."""
    if tab == "mine" and counts.get("claimable"):
        advice = _("您的岗位上还有 {n} 项工作等人认领。").format(n=counts["claimable"])
        return ("inbox", _("待办都办完了"), advice, "/inbox?tab=claimable", _("去认领"))
    known = {
        "mine": ("inbox", _("待办都办完了"), _("有新的工作送到您的岗位时，会出现在这里，并发通知。")),
        "claimable": ("hand-stop", _("没有等人认领的工作"), _("需要一个人先认下的工作，会出现在这里。")),
        "done": ("clipboard-check", _("还没有办过的工作"), _("您办理过的每一步都会留在这里，可以随时回看。")),
        "started": ("send", _("您没有发起过流程"), _("由您发起的流程会列在这里，可以看到办到了哪一步。")),
        "copies": ("mail", _("还没有抄送给您的"), _("别人抄送给您的事项会列在这里，只需阅读，不用办理。")),
        "following": ("eye", _("您没有关注的事项"), _("打开一个事项的办理过程，点“关注”，进展就会通知您。")),
    }  # fmt: skip
    return known[tab]
