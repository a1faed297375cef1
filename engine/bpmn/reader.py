"""Reading a diagram: bytes in, a Model or a refusal with places out."""

import hashlib
from dataclasses import dataclass

from engine.bpmn.dialect import Level
from engine.bpmn.findings import Finding, Refused, errors, ordered
from engine.bpmn.gate import DEFAULT_LIMITS, Limits, parse
from engine.bpmn.model import Model
from engine.bpmn.read.build import build
from engine.bpmn.read.markup import Node, Report, is_bpmn


@dataclass(frozen=True, slots=True)
class Examined:
    """A file after the gate: the Model where it could be built, and every finding (warnings too)."""

    model: Model | None
    root: Node | None
    findings: list[Finding]


def read_model(data: bytes, *, file: str, level: Level = "dialect", limits: Limits = DEFAULT_LIMITS) -> Model:
    """The Model of a .bpmn file that the engine can run.

    `file` is the name used in findings. Level "bpmn" asks only whether the standard's semantics can be run;
    "dialect" also asks for what the engine needs to do the work (a task type, a called decision, a key).
    Raises Refused with every error found.
    """
    examined = examine(data, file=file, level=level, limits=limits)
    found = errors(examined.findings)
    if found or examined.model is None:
        raise Refused(found)
    return examined.model


def examine(data: bytes, *, file: str, level: Level = "dialect", limits: Limits = DEFAULT_LIMITS) -> Examined:
    """Like read_model, but answers with findings instead of raising; used by the lint."""
    try:
        root = parse(data, file=file, limits=limits)
    except Refused as refusal:
        return Examined(None, None, refusal.findings)
    report = Report(file, level)
    if not is_bpmn(root, "definitions"):
        report.error(
            root, "not-bpmn", "文件的根元素不是 BPMN 的 definitions。", "请选择 BPMN 2.0 流程图文件。"
        )
        return Examined(None, None, report.findings)
    model = None
    if not report.refused:
        model = build(root, file=file, digest=hashlib.sha256(data).hexdigest())
    return Examined(None if report.refused else model, root, ordered(report.findings))
