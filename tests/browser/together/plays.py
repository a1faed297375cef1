"""Every verb as it is done in a browser: by whom, on which page, what is read first, what is pressed."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from playwright.sync_api import Locator, Page

from tests.browser.together.town import Town

WHY = "省里要求本周内定下来"
"""What people write as the reason, or as their opinion."""
FIGURE = "49.5"
"""What they write into a form."""
Before = Callable[[Town, str], None]


def _nothing(_town: Town, _instance: str) -> None:
    """The instance as it begins."""


@dataclass(frozen=True)
class Play:
    """One verb: the process, who may do it and who may not, what happens before, and how it is done.

    `holder` has the task upon which it is done, "" when there is only one. `ready` types what there is to
    type and comes to where the effect is read. `effect` is a part of what is read before it happens, `act`
    and `words` what the history says afterwards.
    """

    process: str
    who: str
    wrong: str
    effect: str
    act: str
    ready: Callable[[Page], Locator]
    path: str = "/tasks/{item}"
    button: str = ""
    before: Before = _nothing
    holder: str = ""
    words: str = WHY
    by: str = ""

    def start(self, town: Town) -> tuple[str, str]:
        """A fresh instance as it is just before the verb; its id and the address of the verb's page."""
        instance = town.begin(self.process, by=self.by)
        self.before(town, instance)
        item = town.item(instance, self.holder)["id"] if "{item}" in self.path else ""
        return instance, self.path.format(item=item, instance=instance)

    def press(self, page: Page) -> None:
        """Do it."""
        self.pressed(page).click()

    def pressed(self, page: Page) -> Locator:
        """What is pressed to do it."""
        return (
            page.get_by_role("button", name=self.button or self.act, exact=True).locator("visible=true").last
        )


def typed(page: Page) -> Locator:
    """An own task: a figure where there is one, and an opinion; what each button leads to stands in it."""
    if page.get_by_label("value").count():
        page.get_by_label("value").fill(FIGURE)
    else:
        page.get_by_label("remark").fill(FIGURE)
    page.locator("#opinion").fill(WHY)
    return page.locator(".action-bar")


def decided(page: Page) -> Locator:
    """代录: where the decision is to be found."""
    for label, value in (
        ("value", FIGURE), ("meeting", "第3次会议"), ("decided_on", "2018-02-28"),
        ("document_number", "杭考〔2018〕3号"),
    ):  # fmt: skip
        page.get_by_label(label).fill(value)
    page.locator("#opinion").fill(WHY)
    return page.locator(".action-bar")


def looked(page: Page) -> Locator:
    """Nothing to type: what a button leads to is said on it."""
    return page.locator(".action-bar")


def named(who: str) -> Callable[[Page], Locator]:
    """To whom and why; then what it leads to."""

    def ready(page: Page) -> Locator:
        page.locator("#who").fill(who)
        page.locator("#reason").fill(WHY)
        page.get_by_role("button", name="先看结果").click()
        return page.locator("#effect")

    return ready


def reasoned(page: Page) -> Locator:
    """The effect stands on the page; the reason is written."""
    page.locator("#reason").fill(WHY)
    return page.locator("#effect")


def copied(page: Page) -> Locator:
    """抄送: to whom; it leads to nothing else."""
    page.locator("#who").fill("李联")
    page.locator("#reason").fill(WHY)
    return page.locator("#who-says")


def chosen(page: Page) -> Locator:
    """跳转: first where to."""
    page.get_by_role("link", name=re.compile("移到“审核数据”")).click()
    return reasoned(page)


def again_from_the_start(page: Page) -> Locator:
    """恢复办理: first at which step."""
    page.get_by_role("link", name="填报数据").click()
    return reasoned(page)


def sent_back(page: Page) -> Locator:
    """退回: to which step, and why."""
    page.get_by_role("radio", name=re.compile("退回到“填报数据”")).check()
    page.locator("#opinion").fill(WHY)
    return page.locator("#back")


def removed(page: Page) -> Locator:
    """减签: whom, and why; then what it leads to."""
    page.locator("#target").select_option(index=1)
    page.locator("#reason").fill(WHY)
    page.get_by_role("button", name="先看结果").click()
    return page.locator("#effect")


def opened(page: Page) -> Locator:
    """已阅 happens by opening, 关注 by one press."""
    return page.locator("main")


def filled(town: Town, instance: str) -> None:
    """The liaison has handed in."""
    town.do("ling", "complete", instance, fields={"value": FIGURE})


def asked(town: Town, instance: str) -> None:
    """The head has asked the liaison of the other unit."""
    filled(town, instance)
    people = (town.world.people["ling2"],)
    town.do("tou", "ask", instance, holder="tou", people=people, opinion="请先核一遍")


def claimed(town: Town, instance: str) -> None:
    """郑一 has claimed it."""
    town.do("ban1", "claim", instance)


def copied_to_other(town: Town, instance: str) -> None:
    """It was copied to the other unit's liaison."""
    town.upon("ling", "copy_to", instance, people=(town.world.people["ling2"],))


def followed(town: Town, instance: str) -> None:
    """The liaison follows it."""
    town.upon("ling", "follow", instance)


def ended(town: Town, instance: str) -> None:
    """The office has ended it after the first step."""
    filled(town, instance)
    town.upon("kao", "terminate", instance, opinion="任务取消")


AMONG = "/tasks/{item}/verbs/"
UPON = "/instances/{instance}/verbs/"
PLAYS: Mapping[str, Play] = {
    "urge": Play("reporting", "kao", "tou2", "催办", "催办", looked, words=""),
    "urge_leader": Play(
        "reporting", "kao", "ling", "主要负责人", "催办并报领导", reasoned, AMONG + "urge_leader",
        "确认催办并报领导",
    ),
    "claim": Play("claiming", "ban1", "ling2", "认领", "认领", looked, words=""),
    "unclaim": Play(
        "claiming", "ban1", "ling", "取消认领", "取消认领", looked, before=claimed, words=""
    ),
    "complete": Play("reporting", "ling", "ling2", "提交后进入：审核数据", "提交", typed),
    "register_for": Play(
        "registering", "mi", "ling2", "提交后本流程办结", "提交", decided, button="代录：提交"
    ),
    "answer": Play("reporting", "ling2", "tou2", "回复委派", "回复委派", typed, before=asked, holder="ling2"),
    "return_to": Play(
        "reporting", "tou", "ling", "直接回到我这里", "退回", sent_back, "/tasks/{item}/return_to",
        before=filled,
    ),
    "hand_over": Play(
        "reporting", "ling", "tou", "转到陆副", "转办", named("陆副"), AMONG + "hand_over", "确认转办"
    ),
    "ask": Play(
        "reporting", "tou", "ling", "回到您这里", "委派", named("李联"), AMONG + "ask", "确认委派",
        before=filled,
    ),
    "recall": Play(
        "reporting", "tou", "ling2", "审核数据", "收回", reasoned, AMONG + "recall", "确认收回",
        before=asked, holder="tou",
    ),
    "add_signer": Play(
        "signing", "tou", "ling2", "李联", "加签", named("李联"), AMONG + "add_signer", "确认加签",
        holder="tou",
    ),
    "add_before": Play(
        "reporting", "tou", "ling", "回到您这里", "前加签", named("李联"), AMONG + "add_before",
        "确认前加签", before=filled,
    ),
    "add_after": Play(
        "reporting", "tou", "ling", "您办理以后轮到他们", "后加签", named("李联"), AMONG + "add_after",
        "确认后加签", before=filled,
    ),
    "remove_signer": Play(
        "signing", "tou", "ling2", "由系统关闭", "减签", removed, AMONG + "remove_signer", "确认减签",
        holder="tou",
    ),
    "save_draft": Play("reporting", "ling", "ling2", "暂存", "暂存", typed, words=""),
    "copy_to": Play(
        "reporting", "ling", "tou2", "对方只能查看", "抄送", copied, UPON + "copy_to", before=filled
    ),
    "mark_read": Play(
        "reporting", "ling2", "tou2", "数据上报", "", opened, "/instances/{instance}",
        before=copied_to_other, words="",
    ),
    "follow": Play("reporting", "ling", "tou2", "关注", "关注", opened, "/instances/{instance}", words=""),
    "unfollow": Play(
        "reporting", "ling", "tou2", "取消关注", "取消关注", opened, "/instances/{instance}",
        before=followed, words="",
    ),
    "take_back": Play(
        "reporting", "ling", "tou", "填报数据", "撤回", reasoned, UPON + "take_back", before=filled
    ),
    "withdraw": Play(
        "reporting", "ling", "tou", "可以重新发起", "撤销", reasoned, UPON + "withdraw", by="ling"
    ),
    "jump": Play("reporting", "kao", "ling", "“审核数据”交", "移动令牌到", chosen, UPON + "jump", "跳转"),
    "terminate": Play("reporting", "kao", "ling", "本流程终止", "终止", reasoned, UPON + "terminate"),
    "void": Play("reporting", "kao", "ling", "作废以后不能恢复办理", "作废", reasoned, UPON + "void"),
    "reopen": Play(
        "reporting", "kao", "ling", "填报数据", "恢复办理", again_from_the_start, UPON + "reopen",
        before=ended,
    ),
}  # fmt: skip
