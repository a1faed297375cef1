"""Reading a diagram: bytes in, a Model or a refusal with places out."""

import hashlib
from dataclasses import dataclass

from engine.bpmn.dialect import Level
from engine.bpmn.findings import Finding, Refused, errors, ordered
from engine.bpmn.gate import DEFAULT_LIMITS, Limits, parse
from engine.bpmn.model import Model
from engine.bpmn.read.branching import check_branching
from engine.bpmn.read.build import build
from engine.bpmn.read.code import check_code
from engine.bpmn.read.data import check_data
from engine.bpmn.read.deadlock import check_deadlocks
from engine.bpmn.read.declarations import check_declarations
from engine.bpmn.read.equal import simplify
from engine.bpmn.read.lengths import check_lengths
from engine.bpmn.read.markup import Node, Report, is_bpmn, prune
from engine.bpmn.read.mistyped import leave_out
from engine.bpmn.read.placement import check_events, check_message_tasks
from engine.bpmn.read.references import check_references
from engine.bpmn.read.schema import check_schema
from engine.bpmn.read.structure import check_structure
from engine.bpmn.read.undoing import check_undoing
from engine.bpmn.read.vocabulary import check_vocabulary
from engine.bpmn.read.ways_out import check_ways_out
from engine.bpmn.read.work import check_activities
from engine.keeping import Kept

MOST_MODELS = 256
MODELS: Kept[tuple[bytes, str, Level, Limits], Model] = Kept(MOST_MODELS)
"""Models of files that passed, by content: what the lint has read is not read again when it is deployed."""


@dataclass(frozen=True, slots=True)
class Examined:
    """A file after the gate: the Model where it could be built, and every finding (warnings too).

    A model is there beside an error only where that says that a join never fires.
    """

    model: Model | None
    root: Node | None
    findings: list[Finding]


def read_model(data: bytes, *, file: str, level: Level = "dialect", limits: Limits = DEFAULT_LIMITS) -> Model:
    """The Model of a .bpmn file that the engine can run.

    `file` is the name used in findings. Level "bpmn" asks only whether the standard's semantics can be run;
    "dialect" also asks for what the engine needs to do the work (a task type, a called decision, a key).
    Raises Refused with every error found.
    """
    kept = MODELS.get((data, file, level, limits))
    if kept is not None:
        return kept
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
    prune(root)
    if level == "bpmn":
        simplify(root)
        leave_out(root, report)
    model = _judge(root, data, report)
    if model is None or report.refused:
        return Examined(None, root, ordered(report.findings))
    check_deadlocks(model, report)
    check_ways_out(model, report)  # the lint looks further at such a model: it knows the way there
    if not errors(report.findings):
        model = MODELS.put((data, file, level, limits), model)
    return Examined(model, root, ordered(report.findings))


def _judge(root: Node, data: bytes, report: Report) -> Model | None:
    """All checks, in an order in which each may rely on the ones before; None as soon as one refuses."""
    for check in (check_vocabulary, check_references, check_lengths, check_code, check_events):
        check(root, report)
    for check in (check_message_tasks, check_activities, check_declarations, check_data):
        check(root, report)
    if not report.refused:
        check_schema(root, report)
    if report.refused:
        return None
    model = build(root, file=report.file, digest=hashlib.sha256(data).hexdigest())
    check_structure(model, report)
    check_undoing(model, report)
    check_branching(model, report)
    return model
