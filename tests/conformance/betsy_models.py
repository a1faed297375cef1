"""Betsy's engine-neutral models put into this engine's words: scripts become jobs, conditions FEEL."""

import re

from lxml import etree

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
ZEEBE = "http://camunda.org/schema/zeebe/1.0"
MESSAGE = "message:"
"""Before the message's name in the type of a job that sends it."""

_CONTAINS = re.compile(r'(!?)\s*(\w+)\.contains\("([^"]*)"\)')
_CONDITIONS = ("conditionExpression", "condition", "loopCondition", "completionCondition")
_SENDERS = ("sendTask", "intermediateThrowEvent", "endEvent")

Node = etree._Element


def translated(data: bytes) -> bytes:
    """The same diagram: only its code is put into words that this engine reads."""
    root = etree.fromstring(data)
    for script in list(root.iter(f"{{{BPMN}}}script")):
        task = script.getparent()
        assert task is not None
        task.remove(script)
        _job(task, (script.text or "").strip() or "NOTHING")
    for node in root.iter(*(f"{{{BPMN}}}{name}" for name in _CONDITIONS)):
        node.text = "= " + _feel(node.text or "")
    for message in root.iter(f"{{{BPMN}}}message"):
        _extend(message, "subscription", correlationKey='= "betsy"')
    for sender in root.iter(*(f"{{{BPMN}}}{name}" for name in _SENDERS)):
        _sends(root, sender)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _feel(text: str) -> str:
    def contains(found: re.Match[str]) -> str:
        call = f'contains({found[2]}, "{found[3]}")'
        return f"not({call})" if found[1] else call

    return " ".join(_CONTAINS.sub(contains, text).replace("&&", " and ").replace("||", " or ").split())


def _sends(root: Node, sender: Node) -> None:
    holder = sender if sender.tag == f"{{{BPMN}}}sendTask" else _message_definition(root, sender)
    name = holder.get("messageRef", "") if holder is not None else ""
    if holder is not None:
        found = root.find(f"{{{BPMN}}}message[@id='{name.rpartition(':')[2]}']")
        _job(sender, MESSAGE + (found.get("name") or name if found is not None else name))


def _message_definition(root: Node, event: Node) -> Node | None:
    own = event.find(f"{{{BPMN}}}messageEventDefinition")
    for reference in event.iter(f"{{{BPMN}}}eventDefinitionRef"):
        shared = root.find(f"{{{BPMN}}}messageEventDefinition[@id='{(reference.text or '').strip()}']")
        own = own if own is not None else shared
    return own


def _job(node: Node, kind: str) -> None:
    _extend(node, "taskDefinition", type=kind)


def _extend(node: Node, name: str, **attributes: str) -> None:
    holder = node.find(f"{{{BPMN}}}extensionElements")
    if holder is None:
        holder = etree.Element(f"{{{BPMN}}}extensionElements")
        first = next(
            (n for n, child in enumerate(node) if child.tag != f"{{{BPMN}}}documentation"), len(node)
        )
        node.insert(first, holder)
    etree.SubElement(holder, f"{{{ZEEBE}}}{name}", attributes)
