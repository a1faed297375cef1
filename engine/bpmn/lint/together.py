"""One lint over many files."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import PurePosixPath

from engine.bpmn.dialect import Level
from engine.bpmn.findings import Finding, Severity, errors, ordered
from engine.bpmn.lint.calls import check_call_cycles, check_references_out
from engine.bpmn.lint.catalogue import Catalogue
from engine.bpmn.lint.choices import check_choices
from engine.bpmn.lint.decision_files import read_decision_file
from engine.bpmn.lint.desk import check_desk, check_records
from engine.bpmn.lint.errors_thrown import check_errors
from engine.bpmn.lint.form_files import read_form_file
from engine.bpmn.lint.labels import check_labels, check_shapes
from engine.bpmn.lint.soundness import check_soundness
from engine.bpmn.lint.undoing_calls import check_undoing_of_calls
from engine.bpmn.model import Model
from engine.bpmn.read.markup import Node, Report
from engine.bpmn.reader import examine
from engine.dmn import outline

MOST_FINDINGS = 1_000
"""Nobody reads more at once, and a page has to show them."""


@dataclass(slots=True)
class _Gathered:
    """What the files bring: readable diagrams, names by kind with the file that brought them first."""

    models: Mapping[str, bytes]
    findings: list[Finding] = field(default_factory=list)
    diagrams: list[tuple[Model, Node, Report]] = field(default_factory=list)
    names: dict[str, dict[str, str]] = field(default_factory=lambda: {"流程": {}, "表单": {}, "决策": {}})
    fields: dict[str, frozenset[str]] = field(default_factory=dict)

    def bring(self, kind: str, names: Iterable[str], file: str) -> None:
        """Notes names; one that two files bring is a finding."""
        for name in names:
            first = self.names[kind].setdefault(name, file)
            if first != file:
                message = f"{kind} “{name}” 在 {first} 里已经有了。"
                hint = "请改名，或只留一个。"
                self.findings.append(Finding(file, 1, name, "duplicate-name", "error", message, hint))


def lint(
    files: Mapping[str, bytes],
    *,
    catalogue: Catalogue,
    level: Level = "dialect",
    models: Mapping[str, bytes] | None = None,
) -> list[Finding]:
    """All findings about `files` (name -> bytes; .bpmn, .dmn and .form), sorted by file and line.

    Level "bpmn" asks only whether the diagrams' semantics can be run; "dialect" also for assignments, forms,
    handlers, decisions, called processes, names and shapes. `catalogue` says what exists beside the files,
    `models` are decision models beside them that theirs may import.
    """
    gathered = _Gathered(importable(files, models or {}))
    for file in sorted(files):
        _gather(file, files[file], level, gathered)
        if file.lower().endswith(".form"):
            _judge_form(file, files[file], catalogue.form_judge, gathered)
    if level == "dialect":
        names = gathered.names
        processes = [process for model, _, _ in gathered.diagrams for process in model.processes.values()]
        known = catalogue.widened(
            forms=names["表单"],
            decisions=names["决策"],
            processes=names["流程"],
            messages={message for process in processes for message in process.awaited},
        )
        for model, root, report in gathered.diagrams:
            _check_dialect(model, root, known, report)
            for process in model.processes.values():
                check_choices(process, gathered.fields, report)
    for model, _, report in gathered.diagrams:
        _check_tokens(model, gathered, report)
    drawn = [(model, report) for model, _, report in gathered.diagrams]
    check_call_cycles(drawn, catalogue.calls or ())
    check_undoing_of_calls(drawn, catalogue.undoable or ())
    for _, _, report in gathered.diagrams:
        gathered.findings += report.findings
    return _at_most(MOST_FINDINGS, ordered(gathered.findings))


def _at_most(most: int, findings: list[Finding]) -> list[Finding]:
    """The first ones, and one that says how many more there are, as severe as the worst of them."""
    kept, more = findings[:most], findings[most:]
    if not more:
        return kept
    severity: Severity = "error" if errors(more) else "warning"
    message, hint = f"另有 {len(more)} 个问题没有列出。", "请先解决前面的问题，再检查一次。"
    return [*kept, Finding(more[0].file, 0, "", "more-findings", severity, message, hint)]


def importable(files: Mapping[str, bytes], models: Mapping[str, bytes]) -> dict[str, bytes]:
    """The decision models among `files`, and those of `models` that have another namespace."""
    given = {name: data for name, data in files.items() if PurePosixPath(name).suffix.lower() == ".dmn"}
    if not given:
        return {}
    own = {outline(data).namespace for data in given.values()}
    return given | {name: data for name, data in models.items() if outline(data).namespace not in own}


def _gather(file: str, data: bytes, level: Level, gathered: _Gathered) -> None:
    suffix = PurePosixPath(file).suffix.lower()
    if suffix == ".bpmn":
        examined = examine(data, file=file, level=level)
        gathered.findings += examined.findings
        if examined.model is not None and examined.root is not None:
            gathered.diagrams.append((examined.model, examined.root, Report(file, level)))
            gathered.bring("流程", examined.model.processes, file)
    elif suffix == ".dmn":
        decisions = read_decision_file(data, file=file, models=gathered.models)
        gathered.findings += decisions.findings
        gathered.bring("决策", sorted(decisions.decisions), file)
    elif suffix == ".form":
        form = read_form_file(data, file=file)
        gathered.findings += form.findings
        gathered.bring("表单", [form.id] if form.id else [], file)
        if not form.findings:
            gathered.fields[form.id] = form.fields
    else:
        message = f"不认识 {suffix or '没有后缀'} 的文件。"
        hint = "只检查 .bpmn、.dmn、.form。"
        gathered.findings.append(Finding(file, 0, "", "unknown-file", "error", message, hint))


def _judge_form(file: str, data: bytes, judge: str, gathered: _Gathered) -> None:
    """What the product's own reader of forms says, where nothing was found before.

    The judge's name comes from the product's start-up, never from a file.
    """
    if not judge or any(found.file == file for found in gathered.findings):
        return
    module, _, function = judge.partition(":")
    faults = getattr(import_module(module), function)(data, file=file)
    gathered.findings += [Finding(file=file, severity="error", **fault) for fault in faults]


def _check_tokens(model: Model, gathered: _Gathered, report: Report) -> None:
    """Deadlocks, steps done twice, rounds without an end. What the reader has seen of them is said once, with
    the way there if known.
    """
    for process in model.processes.values():
        check_soundness(process, report)
    shown = {one.element for one in report.findings if one.rule == "deadlock"}
    goes_round = any(one.rule == "never-ends" for one in report.findings)

    def known(one: Finding) -> bool:
        starved = one.rule == "join-deadlock" and one.element in shown
        return one.file == model.file and (starved or (one.rule == "no-way-out" and goes_round))

    gathered.findings = [one for one in gathered.findings if not known(one)]


def _check_dialect(model: Model, root: Node, catalogue: Catalogue, report: Report) -> None:
    """What the dialect asks beyond the standard; pools that do not run are only drawn."""
    running = [process for process in model.processes.values() if process.executable]
    if not running:
        first = next(iter(model.processes.values()))
        report.add(
            first.line,
            first.id,
            "not-executable",
            "文件里没有可执行的流程。",
            "请在流程上勾选“可执行”（isExecutable）。",
        )
    for process in running:
        check_desk(process, report)
        check_records(process, catalogue, report)
        check_references_out(process, catalogue, report)
        check_errors(process, report)
        check_labels(process, report)
    check_shapes(model, root, report)
