"""Level dialect: does every user task reach a desk, with a form, and does every property mean something?"""

import re

from engine.bpmn.dialect import BIHUAN_PROPERTIES
from engine.bpmn.lint.catalogue import Catalogue
from engine.bpmn.lint.deadlines import check_deadlines
from engine.bpmn.lint.finding import say
from engine.bpmn.lint.votes import check_votes
from engine.bpmn.model import Element, ProcessModel
from engine.bpmn.read.markup import Report
from engine.bpmn.votes import verbs_of

_KEY = re.compile(r"[A-Za-z_][\w.-]{0,79}", re.ASCII)
_OPINIONS = ("none", "optional", "required")


def check_desk(process: ProcessModel, report: Report) -> None:
    """Assignments, forms and properties of a process's user tasks."""
    _properties(process.properties, (process.line, process.id, "process"), report)
    for lane in process.lanes:
        _properties(lane.properties, (lane.line, lane.id, "lane"), report)
    for element in process.elements.values():
        _properties(element.properties, (element.line, element.id, element.kind), report)
        if element.kind in ("userTask", "manualTask"):
            _assigned(element, report)
        if element.kind == "userTask":
            _formed(element, report)
            _outcomes(element, report)
            check_deadlines(element, report)
            _return_target(element, process, report)
            _receivers(element, report)
            check_votes(element, process, report)


def _properties(properties: dict[str, str], place: tuple[int, str, str], report: Report) -> None:
    line, element, kind = place
    for name in properties:
        if not name.startswith("bihuan:"):
            continue
        places = BIHUAN_PROPERTIES.get(name)
        if places is None:
            message, hint = f"不认识属性 {name}。", "请检查拼写；可用的有：" + "、".join(BIHUAN_PROPERTIES)
        elif "*" in places or kind in places:
            continue
        else:
            message, hint = f"属性 {name} 放在 {kind} 上不起作用。", f"它属于：{'、'.join(sorted(places))}。"
        report.add(line, element, "property-unknown", message, hint, severity="warning")


def _assigned(task: Element, report: Report) -> None:
    signed = "bihuan:signers" in task.properties
    if not (signed or task.post or task.assignee or task.candidate_groups or task.candidate_users):
        say(
            task,
            "assignment-missing",
            f"任务 “{task.name or task.id}” 没有说明由谁办理。",
            "请在泳道或任务上填 bihuan:post，或填 zeebe:assignmentDefinition。",
            report,
        )


def _formed(task: Element, report: Report) -> None:
    if not task.form_id and "bihuan:outcomes" not in task.properties:
        say(
            task,
            "form-missing",
            f"任务 “{task.name or task.id}” 没有表单，也没有办理结果。",
            "请填 zeebe:formDefinition 的 formId，或用 bihuan:outcomes 给出按钮。",
            report,
        )
    if task.form_id and task.form_binding not in ("deployment", "latest"):
        say(
            task,
            "form-binding",
            f"不支持表单绑定方式 {task.form_binding}。",
            "请用 deployment 或 latest。",
            report,
        )


def outcomes_of(task: Element) -> dict[str, str]:
    """`bihuan:outcomes` as key -> label; empty when the property is absent."""
    pairs = (part.partition(":") for part in task.properties.get("bihuan:outcomes", "").split(",") if part)
    return {key.strip(): label.strip() for key, _, label in pairs}


def _outcomes(task: Element, report: Report) -> None:
    outcomes = outcomes_of(task)
    text = task.properties.get("bihuan:outcomes")
    written = [part for part in (text or "").split(",") if part.strip()]
    sound = all(_KEY.fullmatch(key) and label for key, label in outcomes.items())
    if text is not None and not (outcomes and sound and len(written) == len(outcomes)):
        hint = "请写成 approve:同意,return:退回（键用字母，各不相同）。"
        say(task, "outcomes-unreadable", f"看不懂办理结果 “{text}”。", hint, report)
    opinion = task.properties.get("bihuan:opinion", "optional")
    known = set(outcomes) or {"submit"}
    for part in (item.strip() for item in opinion.split(";")):
        rule, _, keys = part.partition(":")
        wanted = {key.strip() for key in keys.split(",") if key.strip()}
        if rule not in _OPINIONS or not wanted <= known:
            hint = "可写 none、optional、required，或 required:return（键须在办理结果之中）。"
            say(task, "opinion-unreadable", f"看不懂意见要求 “{opinion}”。", hint, report)
            break


def _return_target(task: Element, process: ProcessModel, report: Report) -> None:
    wanted = task.properties.get("bihuan:returnTo")
    if wanted is None:
        return
    target = process.elements.get(wanted)
    if target is None or target.kind != "userTask" or target.id == task.id:
        hint = "请写本流程中另一个用户任务的 id；不写时预选最近的一步。"
        say(task, "return-target-unknown", f"不能默认退回到 “{wanted}”。", hint, report)


def _receivers(task: Element, report: Report) -> None:
    said = task.properties.get("bihuan:handOverTo")
    if said is None:
        return
    if said.strip() not in ("unit", "assessor") and not said.strip().startswith("="):
        hint = (
            '可写 unit（本单位）、assessor（同一考评主体），或给出人和岗位的 FEEL：= [post(unit, "head")]。'
        )
        say(task, "receivers-unreadable", f"看不懂可以转办给谁 “{said}”。", hint, report)
    if "hand_over" not in verbs_of(task.properties):
        hint = "请在 bihuan:verbs 里写上 hand_over，或去掉 bihuan:handOverTo。"
        say(task, "receivers-unused", "没有转办，却写了可以转办给谁。", hint, report)


def check_records(process: ProcessModel, catalogue: Catalogue, report: Report) -> None:
    """`bihuan:record` names a registered record binding."""
    for element in process.elements.values():
        record = element.properties.get("bihuan:record")
        if record and catalogue.records is not None and record not in catalogue.records:
            hint = "请检查名称，或让程序员登记这个记录。"
            say(element, "record-unknown", f"没有名为 “{record}” 的记录。", hint, report)
