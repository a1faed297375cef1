"""Declared data (ioSpecification, data objects, interfaces): consistency as the standard asks.

The engine takes its variables from zeebe mappings, so none of this changes a run: errors at level bpmn,
warnings at level dialect.
"""

from engine.bpmn.read.items import Items, inputs_of, item_of, outputs_of
from engine.bpmn.read.markup import (
    Node,
    Report,
    all_of,
    child,
    children,
    is_bpmn,
    is_true,
    reference,
    text_of,
)

_OPERATED = ("serviceTask", "sendTask", "receiveTask")
_SET_REFERENCES = {
    "inputSet": ("dataInputRefs", ("optionalInputRefs", "whileExecutingInputRefs")),
    "outputSet": ("dataOutputRefs", ("optionalOutputRefs", "whileExecutingOutputRefs")),
}


def check_data(root: Node, report: Report) -> None:
    """All rules about declared data."""
    items = Items.of(root)
    roots = {node.get("id", ""): node for node in all_of(root, "operation", "message", "error", "process")}
    for node in all_of(root, "dataInput", "dataOutput", "dataObject"):
        _collection(node, items, report)
    for node in all_of(root, "ioSpecification"):
        _specification(node, report)
    for node in all_of(root, "dataInputAssociation"):
        if len(list(children(node, "sourceRef"))) > 1 and child(node, "transformation") is None:
            _say(node, "多个数据来源却没有转换。", report)
    for node in all_of(root, "dataState"):
        if not node.get("name"):
            _say(node, "数据状态没有名称。", report)
    objects = {node.get("id"): node for node in all_of(root, "dataObject")}
    for node in all_of(root, "dataObjectReference"):
        _titled(node, objects.get(reference(node.get("dataObjectRef"))), report)
    for process in all_of(root, "process"):
        _one_way(process, report)
    for task in all_of(root, *_OPERATED):
        _operated(task, roots, items, report)
    for activity in all_of(root, "callActivity"):
        _called(activity, roots, items, report)
    for process in all_of(root, "process"):
        _offered(process, roots, items, report)
    for loop in all_of(root, "multiInstanceLoopCharacteristics"):
        _loop(loop, items, report)
    for event in all_of(root, "endEvent", "intermediateThrowEvent"):
        _thrown(event, roots, items, report)


def _say(node: Node, message: str, report: Report) -> None:
    report.strict(node, "data-declaration", message, "请改正或删去数据声明；变量请用 zeebe:ioMapping 传递。")


def _collection(node: Node, items: Items, report: Report) -> None:
    declared = items.collection(item_of(node))
    if declared is not None and declared != is_true(node, "isCollection"):
        _say(node, "数据与它的类型定义在“是否集合”上不一致。", report)


def _titled(node: Node, data: Node | None, report: Report) -> None:
    """A reference to data in a state is called `<data object> [<state>]` (BPMN 2.0.2, 10.4.1)."""
    state, own = child(node, "dataState"), node.get("name")
    if data is None or state is None or not own or not data.get("name") or not state.get("name"):
        return
    wanted = f"{data.get('name')} [{state.get('name')}]"
    if "".join(own.split()) != "".join(wanted.split()):
        _say(node, f"数据引用 “{own}” 应当写作 “{wanted}”。", report)


def _one_way(process: Node, report: Report) -> None:
    """What a process is given is not written to, what it gives is not read from, inside it."""
    specification = child(process, "ioSpecification")
    if specification is None:
        return
    given = {node.get("id") for node in children(specification, "dataInput")}
    gives = {node.get("id") for node in children(specification, "dataOutput")}
    for node in all_of(process, "dataInputAssociation", "dataOutputAssociation"):
        if text_of(child(node, "targetRef")) in given:
            _say(node, "流程的输入数据不能在流程里写入。", report)
        if any(text_of(source) in gives for source in children(node, "sourceRef")):
            _say(node, "流程的输出数据不能在流程里读取。", report)


def _specification(node: Node, report: Report) -> None:
    holder = node.getparent()
    if holder is not None and is_bpmn(holder, "subProcess"):
        _say(node, "子流程不能有自己的输入输出声明。", report)
    for kind, (listed, extra) in _SET_REFERENCES.items():
        sets = list(children(node, kind))
        named = {text_of(item) for one in sets for item in children(one, listed)}
        declared = list(children(node, "dataInput" if kind == "inputSet" else "dataOutput"))
        unknown = named - {data.get("id") for data in declared}
        if unknown:
            message = f"{kind} 指向没有声明的数据 “{sorted(map(str, unknown))[0]}”。"
            report.warning(node, "data-reference", message, "请改正或删去数据声明。")
            continue
        for data in declared:
            if data.get("id") not in named:
                _say(data, "数据不在任何输入集或输出集里。", report)
        for one in sets:
            own = {text_of(item) for item in children(one, listed)}
            if any(text_of(item) not in own for item in children(one, *extra)):
                _say(one, "可选的数据没有列在同一个集合里。", report)
    _paired(node, report)


def _paired(node: Node, report: Report) -> None:
    """An input set and an output set name each other, or neither does."""
    outputs = {one.get("id"): one for one in children(node, "outputSet")}
    for one in children(node, "inputSet"):
        for item in children(one, "outputSetRefs"):
            other = outputs.get(text_of(item))
            back = {text_of(ref) for ref in children(other, "inputSetRefs")} if other is not None else set()
            if one.get("id") not in back:
                _say(one, "输入集与输出集没有互相引用。", report)


def _operated(task: Node, roots: dict[str, Node], items: Items, report: Report) -> None:
    """A task with an operation or message carries at most one datum in and one out, of the same type."""
    inputs, outputs = inputs_of(task), outputs_of(task)
    sets = [len(list(all_of(task, name))) for name in ("inputSet", "outputSet")]
    if len(inputs) > 1 or len(outputs) > 1 or max(sets) > 1:
        _say(task, "这类任务至多有一个输入和一个输出。", report)
        return
    operation = roots.get(reference(task.get("operationRef")) or "")
    own = roots.get(reference(task.get("messageRef")) or "")
    sent, received = (_message(operation, name, roots) for name in ("inMessageRef", "outMessageRef"))
    if is_bpmn(task, "receiveTask"):
        received = own if own is not None else sent
    pairs = [(inputs, own if is_bpmn(task, "sendTask") and own is not None else sent), (outputs, received)]
    for data, message in pairs:
        if data and message is not None and not items.agree(item_of(data[0]), item_of(message)):
            _say(data[0], "数据的类型与消息的类型不一致。", report)


def _message(operation: Node | None, name: str, roots: dict[str, Node]) -> Node | None:
    if operation is None or not is_bpmn(operation, "operation"):
        return None
    found = roots.get(reference(text_of(child(operation, name))) or "")
    return found if found is not None and is_bpmn(found, "message") else None


def _called(activity: Node, roots: dict[str, Node], items: Items, report: Report) -> None:
    process = roots.get(reference(activity.get("calledElement")) or "")
    if process is None or not is_bpmn(process, "process") or child(activity, "ioSpecification") is None:
        return
    for mine, theirs in (
        (inputs_of(activity), inputs_of(process)),
        (outputs_of(activity), outputs_of(process)),
    ):
        pairs = zip(mine, theirs, strict=False)
        same = len(mine) == len(theirs) and all(items.agree(item_of(a), item_of(b)) for a, b in pairs)
        if not same:
            _say(activity, "调用活动的输入输出与被调用流程的不一致。", report)
            return


def _offered(process: Node, roots: dict[str, Node], items: Items, report: Report) -> None:
    """A process offered as a service binds its data to the operation, with the message's types."""
    bindings = list(children(process, "ioBinding"))
    if child(process, "supportedInterfaceRef") is not None and not bindings:
        _say(process, "流程声明了接口，却没有绑定数据。", report)
    data = {node.get("id"): node for node in inputs_of(process) + outputs_of(process)}
    for binding in bindings:
        operation = roots.get(reference(binding.get("operationRef")) or "")
        for attribute, name in (("inputDataRef", "inMessageRef"), ("outputDataRef", "outMessageRef")):
            bound, message = data.get(binding.get(attribute)), _message(operation, name, roots)
            if (
                bound is not None
                and message is not None
                and not items.agree(item_of(bound), item_of(message))
            ):
                _say(binding, "绑定的数据与操作的消息类型不一致。", report)


def _loop(loop: Node, items: Items, report: Report) -> None:
    activity = loop.getparent()
    known = inputs_of(activity) + outputs_of(activity) if activity is not None else []
    for reference_name, item_name in (
        ("loopDataInputRef", "inputDataItem"),
        ("loopDataOutputRef", "outputDataItem"),
    ):
        ref = reference(text_of(child(loop, reference_name)))
        whole = next((node for node in known if node.get("id") == ref), None)
        one = child(loop, item_name)
        if whole is not None and one is not None and not items.agree(item_of(whole), item_of(one)):
            _say(loop, "多实例的单项数据与集合的类型不一致。", report)


def _thrown(event: Node, roots: dict[str, Node], items: Items, report: Report) -> None:
    """The data of an error that is thrown has the error's type."""
    definition = child(event, "errorEventDefinition")
    error = roots.get(reference(definition.get("errorRef")) or "") if definition is not None else None
    data = inputs_of(event)
    if error is None or not is_bpmn(error, "error") or not data:
        return
    if not items.agree(item_of(data[0]), item_of(error)):
        _say(event, "抛出的数据与错误的类型不一致。", report)
