"""What the page of an open task shows: heading, reason of a return, actions with their effects, context."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from sqlalchemy import Connection

from api.deadlines import Due, reckoning
from api.house import House
from api.inbox.attachments import files_of
from api.inbox.beside_form import BesideForm, beside_form
from api.inbox.drafting import mark_shown
from api.inbox.effects import effect_of
from api.inbox.signing import SigningShown, signing_shown
from api.inbox.talk import Talk, talk_of
from api.language import gettext as _
from api.naming import Naming
from api.shell import sees_all_targets
from api.story import Story, read_instance, story_for
from engine.people.persons import Person
from engine.people.rights import Thing, may
from engine.store import Row
from engine.verbs.showing.view import FINISHING, ItemView

RETURN = "return"
"""The outcome that diagrams draw for 退回; it shares a page with the verb `return_to`."""


@dataclass(frozen=True)
class Action:
    """One thing in the bar at the bottom: a link, a button of the task's form, or the gap between."""

    kind: str
    label: str = ""
    icon: str = ""
    tone: str = ""
    outcome: str = ""
    href: str = ""
    effect: str = ""
    key: str = ""


@dataclass(frozen=True)
class ReturnedBox:
    """Why the work came back, at the top of the page."""

    who: str
    at: datetime
    step: str
    reason: str
    straight_back: str


@dataclass(frozen=True)
class TaskPage:
    """The page of one open task."""

    item_id: str
    instance_id: str
    version: int
    title: str
    step: str
    round: int
    due: Due | None
    sender: str
    standing_for: str
    apart: str
    signing: SigningShown | None
    left_by: str
    returned: ReturnedBox | None
    may_write: bool
    finishing_verb: str
    registers_for: str
    waits_for: str
    signs_for: str
    asked: bool
    form_locked: bool
    opinion: str
    opinion_text: str
    beside: BesideForm
    actions: list[Action]
    effect: str
    draft_at: datetime | None
    draft_mark: str
    attachments: list[Row]
    links: list[dict[str, str]]
    story: Story
    talk: Talk


def task_page(
    connection: Connection,
    house: House,
    person: Person,
    task: ItemView,
    *,
    opinion_text: str | None = None,
    sent: Mapping[str, str] | None = None,
) -> TaskPage:
    """Everything but the form. A fixed number of statements."""
    item = task.item
    naming = Naming(house.engine.definitions, connection)
    instance = read_instance(connection, item.instance_id)
    assert instance is not None
    version = item.definition_version_id
    may_write = bool(set(FINISHING) & set(task.verbs))
    kept = task.draft.opinion if task.draft else ""
    return TaskPage(
        item_id=item.id,
        instance_id=item.instance_id,
        version=item.lock_version,
        title=naming.title(version, year=item.year, subject=item.subject_name, matter=item.matter),
        step=naming.step(version, item.element_id),
        round=item.round,
        due=reckoning(house, connection, person).due(item.due_on),
        sender=item.from_name,
        standing_for=task.standing_for,
        apart=task.standstill or task.apart,
        signing=signing_shown(task.signing, task.verbs),
        left_by=task.draft.left_by if task.draft else "",
        returned=_returned(task, naming),
        may_write=may_write,
        finishing_verb=task.finishing,
        waits_for=task.item.waits_for,
        signs_for=task.signs_for,
        asked=task.item.purpose == "ask",
        form_locked=task.form_locked,
        registers_for=task.registers_for or "",
        opinion=_opinion_rule(task),
        opinion_text=kept if opinion_text is None else opinion_text,
        beside=beside_form(connection, person, task, sent=sent) if may_write else BesideForm(),
        actions=actions_of(task),
        effect=effect_of(task) if may_write else "",
        draft_at=task.draft.saved_at if task.draft else None,
        draft_mark=mark_shown(task.draft),
        attachments=files_of(house, connection, person, item.instance_id),
        links=_links(task, person),
        story=story_for(house, connection, person, instance),
        talk=talk_of(connection, person, instance, back=f"/tasks/{item.id}"),
    )


def _opinion_rule(task: ItemView) -> str:
    if not task.opinion_offered:
        return "none"
    every = {outcome.key for outcome in task.outcomes}
    return "required" if every <= task.opinion_required_for else "optional"


def _returned(task: ItemView, naming: Naming) -> ReturnedBox | None:
    item = task.item
    if item.returned_from is None:
        return None
    version = item.definition_version_id
    return ReturnedBox(
        who=item.from_name,
        at=item.created_at,
        step=naming.step(version, item.returned_from),
        reason=task.return_reason or "",
        straight_back=naming.step(version, item.back_to) if item.back_to else "",
    )


def _links(task: ItemView, person: Person) -> list[dict[str, str]]:
    links = [{"href": f"/instances/{task.item.instance_id}", "label": _("整个办理过程")}]
    if task.may_act:
        to = f"/instances/{task.item.instance_id}/verbs/copy_to"
        links.append({"href": to, "label": _("抄送给别人看")})
    unit = task.item.subject_unit_id
    if unit:
        whole = Thing(unit_id=unit, assessor_id=task.item.assessor_id, cycle_id=task.item.cycle_id)
        if not may(person, "see_target", whole):  # somebody of a division, or an expert
            return links
        href = f"/units/{unit}/targets"
        links.append({"href": href, "label": _("{unit}的目标").format(unit=task.item.subject_name)})
    elif sees_all_targets(person):
        links.append({"href": f"/plans?cycle={task.item.cycle_id}", "label": _("各单位的目标")})
    return links


def is_return(task: ItemView, outcome: str) -> bool:
    """Whether an outcome gets a page of its own: it asks for a reason that others do not, or it is the 退回
    that the diagram draws beside the verb: one button then leads to both."""
    if outcome == RETURN and "return_to" in task.verbs and task.opinion_offered:
        return True
    only_some = len(task.opinion_required_for) < len(task.outcomes)
    return only_some and outcome in task.opinion_required_for


def actions_of(task: ItemView) -> list[Action]:
    """The bar, from left to right; the usual next thing is the primary one, at the right."""
    here, verbs = f"/tasks/{task.item.id}", set(task.verbs)
    if "claim" in verbs:
        return [
            Action("spacer"),
            Action("button", _("认领"), "hand-stop", "btn-primary", href=f"{here}/claim", key="a",
                   effect=_("认领后由您办理，同岗位的其他人不再看到；可以随时取消认领。")),
        ]  # fmt: skip
    bar: list[Action] = []
    if "save_draft" in verbs:
        bar.append(Action("button", _("暂存"), "device-floppy", "", href=f"{here}/save_draft",
                          effect=_("不检查，先存着，下次接着填。")))  # fmt: skip
    if "unclaim" in verbs:
        bar.append(Action("button", _("取消认领"), "hand-stop", "btn-ghost-secondary", href=f"{here}/unclaim",
                          effect=_("退还给岗位，由同岗位的人认领；草稿保留。")))  # fmt: skip
    if "urge" in verbs:
        bar.append(Action("button", _("催办"), "speakerphone", "", href=f"{here}/urge",
                          effect=_("给办理人发一条催办通知，每项工作每天一次。")))  # fmt: skip
    if "urge_leader" in verbs:
        bar.append(Action("link", _("催办并报领导"), "speakerphone", "", href=f"{here}/verbs/urge_leader",
                          effect=_("单位主要负责人也会收到通知，记入办理过程。")))  # fmt: skip
    bar += _among_people(verbs, here)
    bar.append(Action("spacer"))
    if "answer" in verbs:
        bar.append(Action("button", _("回复委派"), "check", "btn-primary", key="a",
                          effect=_("办好的内容和意见回到对方那里，由对方办结。")))  # fmt: skip
    if {"complete", "register_for"} & verbs:
        bar += _finishing(task, here)
    return bar if len(bar) > 1 else []


def _among_people(verbs: set[str], here: str) -> list[Action]:
    """转办 by itself, what else goes among people behind 更多; 收回 where the task waits."""
    bar: list[Action] = []
    if "recall" in verbs:
        bar.append(Action("link", _("收回"), "arrow-back-up", "", href=f"{here}/verbs/recall",
                          effect=_("请别人办而还没有办的，收回来自己办。")))  # fmt: skip
    if "hand_over" in verbs:
        bar.append(Action("link", _("转办"), "user-share", "", href=f"{here}/verbs/hand_over",
                          effect=_("交给另一个人负责，您仍然可以查看。")))  # fmt: skip
    if {"ask", "add_before", "add_after"} & verbs:
        bar.append(Action("link", _("更多"), "dots", "", href=f"{here}/verbs",
                          effect=_("委派、前加签、后加签。")))  # fmt: skip
    return bar


def _finishing(task: ItemView, here: str) -> list[Action]:
    """The buttons that finish the step: sending back first, the usual outcome last."""
    bar: list[Action] = []
    asking = [one for one in task.outcomes if is_return(task, one.key)]
    for one in asking:
        if one.key != RETURN:
            way = f"{here}/sending-back?outcome={quote(one.key)}"
            bar.append(Action("button", one.label, "x", "btn-outline-danger", href=way,
                              effect=_("下一页写明理由；已填内容先存草稿。")))  # fmt: skip
    if any(one.key == RETURN for one in asking) or "return_to" in task.verbs:
        bar.append(Action("button", _("退回"), "arrow-back-up", "btn-outline-danger",
                          href=f"{here}/sending-back", key="r",
                          effect=_("下一页选退回到哪一步并写明理由；已填内容先存草稿。")))  # fmt: skip
    usual = [one for one in task.outcomes if not is_return(task, one.key)]
    for number, one in reversed(list(enumerate(usual))):
        label = _("代录：{label}").format(label=one.label) if task.registers_for else one.label
        bar.append(Action("button", label, "check" if number == 0 else "arrow-right",
                          "btn-primary" if number == 0 else "",
                          outcome=one.key, key="a" if number == 0 else "",
                          effect=effect_of(task, outcome=one.key)))  # fmt: skip
    return bar
