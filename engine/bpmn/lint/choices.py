"""What a user task says of its form's fields, of who comes next and of signatures: does it mean something?"""

from collections.abc import Mapping

from engine.bpmn.fields import RIGHTS, key_names
from engine.bpmn.handlers import HandlerChoice, Unreadable, handler_choices
from engine.bpmn.lint.finding import say
from engine.bpmn.model import Element, ProcessModel
from engine.bpmn.outcomes import outcomes_of
from engine.bpmn.read.feel import syntax_problem
from engine.bpmn.read.markup import Report

SIGNATURES = ("none", "optional", "required")


def check_choices(process: ProcessModel, fields: Mapping[str, frozenset[str]], report: Report) -> None:
    """`fields` are the names of the fields of the forms at hand, by form id."""
    for task in process.elements.values():
        if task.kind == "userTask":
            _fields(task, fields.get(task.form_id or ""), report)
            _handlers(task, process, report)
            _signature(task, report)


def _fields(task: Element, known: frozenset[str] | None, report: Report) -> None:
    said = {name: key_names(task.properties[name]) for name in RIGHTS if name in task.properties}
    for name, keys in said.items():
        unknown = sorted(keys - known - {"*"}) if known is not None else []
        if unknown:
            message = f"表单 “{task.form_id}” 没有 {name} 写的字段：{'、'.join(unknown)}。"
            hint = "写字段的 key、路径（如 targets.value）或组件的 id。"
            say(task, "field-unknown", message, hint, report)
    hidden = said.get("bihuan:hidden", frozenset())
    both = sorted(hidden & said.get("bihuan:writable", frozenset()))
    if both:
        message = f"字段 {'、'.join(both)} 又隐藏，又可写。"
        say(task, "field-rights-clash", message, "隐藏的字段不显示，也不接受；请只留一样。", report)
    if "*" in hidden:
        hint = "不要表单时，请去掉 formId；要只读时，请写 bihuan:writable，值留空。"
        say(task, "field-unknown", "bihuan:hidden 不能写 “*”：整张表单都隐藏了。", hint, report)


def _handlers(task: Element, process: ProcessModel, report: Report) -> None:
    hint = '请写：步骤的 id → FEEL，如 check → = holders(post(assessor, "office.reviewer"))；几步用分号隔开。'
    try:
        choices = handler_choices(task.properties)
    except Unreadable as unreadable:
        say(task, "next-handler-unreadable", str(unreadable), hint, report)
        return
    if choices and "bihuan:vote" in task.properties:
        message = "几个人签署的步骤不能选下一办理人：由谁选说不清。"
        say(task, "next-handler-vote", message, "请去掉 bihuan:nextHandler，或改由一人办理。", report)
    for choice in choices:
        _handler(task, choice, process, hint, report)


def _handler(task: Element, choice: HandlerChoice, process: ProcessModel, hint: str, report: Report) -> None:
    target = process.elements.get(choice.element_id)
    if target is None or target.kind != "userTask" or target.id == task.id:
        message = f"不能给 “{choice.element_id}” 选办理人：它不是本流程中另一个用户任务。"
        say(task, "next-handler-unknown", message, hint, report)
    elif "bihuan:vote" in target.properties:
        message = f"不能给 “{target.name or target.id}” 选办理人：它由几个人签署。"
        say(task, "next-handler-vote", message, "签署人写在那一步的 bihuan:signers。", report)
    problem = syntax_problem(choice.candidates.removeprefix("="))
    if problem is not None:
        message = f"下一办理人的 FEEL “{choice.candidates}” 不正确：{problem.message}。"
        say(task, "next-handler-unreadable", message, hint, report)


def _signature(task: Element, report: Report) -> None:
    text = task.properties.get("bihuan:signature", "none")
    known = {one.key for one in outcomes_of(task.properties)}
    rule, _, only = text.partition(":")
    keys = {key.strip() for key in only.split(",") if key.strip()}
    if rule.strip() not in SIGNATURES or not keys <= known or (keys and rule.strip() != "required"):
        hint = "可写 none、optional、required，或 required:approve（键须在办理结果之中，几个用逗号隔开）。"
        say(task, "signature-unreadable", f"看不懂签名要求 “{text}”。", hint, report)
