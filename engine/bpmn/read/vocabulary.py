"""Which words a diagram uses: BPMN and zeebe elements the engine does not run are refused by name."""

from engine.bpmn import dialect
from engine.bpmn.dialect import BPMN, FOREIGN_ENGINES, ZEEBE
from engine.bpmn.read.markup import Node, Report, is_bpmn, is_true, local, namespace, tags

COMPENSATE = "##Compensate"
"""How a transaction is undone: the only way that runs."""
MOST_TOKENS = 1_000
"""A larger startQuantity is a slip."""


def check_vocabulary(root: Node, report: Report) -> None:
    """Refuses unknown and unsupported elements, misplaced zeebe extensions, other engines' extensions."""
    for node in tags(root):
        space = namespace(node)
        if space == BPMN:
            _bpmn(node, report)
            _attributes(node, report)
        elif space == ZEEBE:
            _zeebe(node, report)
        elif space in FOREIGN_ENGINES and not _within_foreign(node):
            _foreign(node, space, local(node), report)


def _bpmn(node: Node, report: Report) -> None:
    name = local(node)
    refused = dialect.REFUSED_ELEMENTS.get(name)
    if report.level == "bpmn" and name in dialect.ELEMENTS_ONLY_AT_LEVEL_BPMN:
        return
    if refused is not None:
        chinese, hint = refused
        rule = "unsupported-global" if name.startswith("global") else "unsupported-element"
        report.error(node, rule, f"不支持{chinese}（{name}）。", hint)
    elif not dialect.is_understood(name):
        if _within_refused(node):
            return
        report.error(
            node, "unknown-element", f"BPMN 2.0 中没有可运行的元素 {name}。", "请检查拼写，或改用支持的元素。"
        )
    elif dialect.is_activity(name):
        _quantities(node, report)


def _within_refused(node: Node) -> bool:
    """Is this a part of something that is refused as a whole?"""
    return any(local(outer) in dialect.REFUSED_ELEMENTS for outer in node.iterancestors())


def _quantities(node: Node, report: Report) -> None:
    for attribute in ("startQuantity", "completionQuantity"):
        value = node.get(attribute, "1").strip()
        runs = (
            report.level == "bpmn"
            and attribute == "startQuantity"
            and local(node) in dialect.START_QUANTITIES_AT_LEVEL_BPMN
            and value.isdigit()
            and 0 < int(value) <= MOST_TOKENS
        )
        if value != "1" and not runs:
            report.error(
                node,
                "unsupported-quantity",
                f"不支持 {attribute}=“{value}”，只能为 1。",
                "请用并行网关或多实例表达多个令牌。",
            )
    if is_bpmn(node, "transaction") and node.get("method", COMPENSATE).strip() != COMPENSATE:
        report.error(
            node,
            "unsupported-transaction",
            f"不支持以“{node.get('method')}”方式撤销的事务子流程。",
            f"请用 {COMPENSATE}（默认）：取消时由补偿活动撤销。",
        )


def _attributes(node: Node, report: Report) -> None:
    if is_true(node, "instantiate") and local(node) not in dialect.INSTANTIATING:
        report.error(
            node, "unsupported-instantiate", "不支持由网关启动流程（instantiate）。", "请用消息开始事件。"
        )
    for name in node.attrib:
        space, _, plain = str(name).rpartition("}")
        if space.lstrip("{") in FOREIGN_ENGINES and plain not in dialect.HARMLESS_FOREIGN:
            _foreign(node, space.lstrip("{"), plain, report)


def _foreign(node: Node, space: str, name: str, report: Report) -> None:
    engine = FOREIGN_ENGINES[space]
    report.error(
        node,
        "foreign-engine",
        f"{name} 是 {engine} 的扩展，本系统不执行。",
        "请换成 zeebe 扩展：条件与脚本用 FEEL（以“=”开头），程序用 zeebe:taskDefinition。",
    )


def _within_foreign(node: Node) -> bool:
    parent = node.getparent()
    return parent is not None and namespace(parent) in FOREIGN_ENGINES


def _zeebe(node: Node, report: Report) -> None:
    holder = node.getparent()
    if holder is None or not is_bpmn(holder, "extensionElements"):
        return
    name = local(node)
    carrier = holder.getparent()
    refused = dialect.REFUSED_ZEEBE.get(name)
    if refused is not None:
        chinese, hint = refused
        report.error(node, "unsupported-extension", f"不支持{chinese}（zeebe:{name}）。", hint)
        return
    places = dialect.ZEEBE_ON.get(name)
    if places is None:
        report.error(
            node, "unknown-extension", f"不认识扩展元素 zeebe:{name}。", "请删去，或改用支持的扩展。"
        )
    elif "*" not in places and (carrier is None or local(carrier) not in places):
        where = local(carrier) if carrier is not None else ""
        report.error(
            node,
            "misplaced-extension",
            f"zeebe:{name} 不能放在 {where} 上。",
            f"它属于：{'、'.join(sorted(places))}。",
        )
