"""The XML Schema of BPMN 2.0, as shipped with the token library: order and types of elements."""

from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from threading import Lock
from typing import cast

from lxml import etree

from engine.bpmn.dialect import BPMN
from engine.bpmn.read.markup import Node, Report, line, owner, tags

_ONE_AT_A_TIME = Lock()
"""The schema keeps its complaints in one log."""


@cache
def _schema() -> etree.XMLSchema:
    path = files("SpiffWorkflow") / "bpmn" / "parser" / "schema" / "BPMN20.xsd"
    return etree.XMLSchema(etree.parse(str(path)))


def check_schema(root: Node, report: Report) -> None:
    """At most ten complaints; run it only when nothing better has been said about the file."""
    with _ONE_AT_A_TIME:
        schema = _schema()
        valid = schema.validate(root)
        log = cast(Iterable[etree._LogEntry], schema.error_log)  # the stubs do not know that it iterates
        complaints = [(entry.line, entry.message) for entry in log]
    if valid:
        return
    for number, message in complaints[:10]:
        text = message.replace(f"{{{BPMN}}}", "")
        place = next((node for node in tags(root) if line(node) == number), root)
        report.add(
            number,
            owner(place),
            "xml-schema",
            f"不符合 BPMN 2.0 的 XML 规范：{text.rstrip(' .')}。",
            "请用流程设计器重新保存，或按规范调整元素的次序和属性。",
        )
