"""综合评定: what the office, the committee and a unit may see of results; the same for pages and REST."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import NoResultFound
from starlette.datastructures import UploadFile

from api.errors import Trouble
from api.house import House
from api.language import gettext as _
from api.office.cycles import FEEDBACK, may_run
from api.office.following import chosen_cycle, was_started
from api.office.sight import cycles_for, require_sight
from api.settings import MEGABYTE
from engine.people.persons import Person
from engine.people.refusals import PeopleRefused
from engine.people.rights import Thing, may, require
from engine.people.tables import Unit
from engine.people.units import read_unit
from processes.accountability.showing import told_case
from processes.cycle.reading import cycle_of, scheme_of
from processes.evaluation.grading.importing import AlreadyGraded, Imported, columns_of, import_marks
from processes.evaluation.grading.lines import lines_of
from processes.evaluation.grading.marks import Gap, assessed_units, board_of
from processes.evaluation.grading.reading import graded_rows, sheet_of, snapshots_of
from processes.evaluation.grading.sealing import faults_of, read_snapshot
from processes.evaluation.grading.steps import table_of_grades, ties_in
from processes.feedback.reading import appeals_of, sheets_of
from processes.planning.queries import cycles_of
from processes.rectification.showing import key_results

GRADING = "composite_grading"
PURPOSES = {"calculated": "提交审议的计算", "trial": "申诉试算", "decided": "定级"}


@dataclass(frozen=True)
class Results:
    """A year's results as far as they are: `calculated` is put before the committee, `rows` is decided.

    Nothing is calculated before `locks_on`, the day of the data lock, is over.
    """

    cycle: dict[str, Any]
    rows: list[dict[str, Any]]
    calculated: list[dict[str, Any]]
    ties: str
    gaps: list[Gap]
    units: int
    """How many units are assessed."""
    snapshots: list[Mapping[str, Any]]
    appeals: list[dict[str, Any]]
    sheets: Mapping[str, str]
    columns: list[str]
    locks_on: str
    lines: list[str]
    """分数线 or 名额, one sentence each."""
    may_grade: bool
    may_feed_back: bool
    may_import: bool

    @property
    def counts(self) -> list[dict[str, Any]]:
        """How many units of each group have each grade: `{group, units, grades: [(grade, n)]}`."""
        found: dict[str, Counter[str]] = {}
        for row in self.rows or self.calculated:
            group = row["unit_group"] if self.rows else row["group"]
            found.setdefault(group, Counter())[row["grade"]] += 1
        return [
            {"group": group, "units": grades.total(), "grades": list(grades.items())}
            for group, grades in found.items()
        ]

    @property
    def lacking(self) -> list[str]:
        """The components of which no unit has a mark yet, by name: said once, not once a unit."""
        return _lacking(self.gaps, self.units)

    @property
    def gap_lines(self) -> list[dict[str, Any]]:
        """What else is missing, a line a unit: `{unit, parts}`."""
        lines: dict[str, list[str]] = {}
        known = _lacking(self.gaps, self.units)
        for gap in self.gaps:
            if gap.component.label not in known:
                lines.setdefault(gap.unit_name, []).append(f"{gap.component.label}（{gap.why}）")
        return [{"unit": unit, "parts": parts} for unit, parts in lines.items()]


def _lacking(gaps: list[Gap], units: int) -> list[str]:
    """Components of which none of several assessed units has a mark that can be used, by name."""
    missing = Counter(gap.component.label for gap in gaps)
    return [label for label, count in missing.items() if count == units > 1]


def graded_cycles(connection: Connection, person: Person) -> list[dict[str, Any]]:
    """The cycles of which the person sees every unit's result, newest first. Raises Trouble(403)."""
    return cycles_for(connection, person, "see_scores")


def results_of(connection: Connection, person: Person, cycle_id: str) -> Results:
    """A year's results for who may see them all. Raises Trouble(403, 404)."""
    cycle = chosen_cycle(graded_cycles(connection, person), cycle_id)
    rows = graded_rows(connection, cycle["id"])
    snapshots = snapshots_of(connection, cycle["id"])
    calculated = next((one for one in snapshots if one["purpose"] == "calculated"), None)
    content = None if rows or calculated is None else _content(connection, calculated["id"])
    runs = may_run(person, cycle)
    started = was_started(connection, cycle["id"], GRADING)
    board = None if rows else board_of(connection, cycle["id"])
    return Results(
        cycle=cycle,
        rows=rows,
        calculated=table_of_grades(content) if content else [],
        ties=ties_in(content) if content else "",
        gaps=board.gaps if board else [],
        units=len(board.units) if board else 0,
        snapshots=snapshots,
        appeals=appeals_of(connection, cycle["id"]),
        sheets=sheets_of(connection, cycle["id"]),
        columns=columns_of(scheme_of(connection, cycle["id"])),
        locks_on=cycle_of(connection, cycle["id"])["calendar"]["data_lock"]["on"],
        lines=lines_of(scheme_of(connection, cycle["id"])),
        may_grade=runs and not started,
        may_feed_back=runs and bool(rows) and not was_started(connection, cycle["id"], FEEDBACK),
        may_import=runs and not rows,
    )


def _content(connection: Connection, snapshot_id: str) -> dict[str, Any] | None:
    found = read_snapshot(connection, snapshot_id)
    return None if found is None else found["content"]


def rows_in(content: dict[str, Any]) -> list[dict[str, Any]]:
    """A snapshot's result as a table."""
    return table_of_grades(content)


def sees_all(connection: Connection, person: Person, cycle_id: str) -> bool:
    """Whether the person sees the results of all units of a cycle."""
    assessor = cycle_of(connection, cycle_id)["assessor_id"]
    return may(person, "see_scores", Thing(assessor_id=assessor, cycle_id=cycle_id))


def template_of(connection: Connection, person: Person, cycle_id: str) -> list[list[str]]:
    """The lines of an empty file for the cycle's components. Raises Trouble(403, 404)."""
    cycle = chosen_cycle(graded_cycles(connection, person), cycle_id)
    columns = columns_of(scheme_of(connection, cycle["id"]))
    names = [unit["name"] for unit in assessed_units(connection, cycle["id"])]
    return [columns, *([name, *[""] * (len(columns) - 1)] for name in names)]


def take_marks(house: House, person: Person, cycle_id: str, upload: UploadFile) -> Imported:
    """Import components of a cycle. Raises Trouble(403, 404, 409, 413), NotAllowed, ImportRefused."""
    with house.database.write() as connection:
        cycle = _cycle(connection, cycle_id)
        whole = Thing(assessor_id=cycle["assessor_id"], cycle_id=cycle_id)
        require_sight(person, "run_cycle", whole)
        require(person, "run_cycle", whole)
        data = upload.file.read(house.settings.max_upload_mb * MEGABYTE + 1)
        if len(data) > house.settings.max_upload_mb * MEGABYTE:
            raise Trouble(413, "too_large")
        try:
            return import_marks(
                connection,
                data,
                cycle_id=cycle_id,
                by=person.id,
                by_unit=cycle["assessor_id"],
                at=house.engine.clock.now(),
            )
        except AlreadyGraded as graded:
            raise Trouble(409, "already_graded", str(graded)) from None


def _cycle(connection: Connection, cycle_id: str) -> Mapping[str, Any]:
    try:
        return cycle_of(connection, cycle_id)
    except NoResultFound:
        raise Trouble(404, "not_found") from None


def read_sealed(connection: Connection, person: Person, snapshot_id: str) -> Mapping[str, Any]:
    """A snapshot with its content for who sees all results of its cycle. Raises Trouble(404)."""
    found = read_snapshot(connection, snapshot_id)
    if found is None:
        raise Trouble(404, "not_found")
    assessor = cycle_of(connection, found["cycle_id"])["assessor_id"]
    if not may(person, "see_scores", Thing(assessor_id=assessor, cycle_id=found["cycle_id"])):
        raise Trouble(404, "not_found")
    return found


def verify(connection: Connection, person: Person, snapshot_id: str) -> list[str]:
    """Compute a snapshot again: what does not hold, one sentence each. Raises Trouble(404)."""
    read_sealed(connection, person, snapshot_id)
    return faults_of(connection, snapshot_id)


@dataclass
class NoSheet(Trouble):
    """Somebody may see the unit's results, and there are none yet."""

    unit: Unit | None = None


def read_sheet(
    connection: Connection, person: Person, unit_id: str, cycle_id: str = ""
) -> tuple[Unit, dict[str, Any]]:
    """A unit and its score sheet in a cycle (by default the newest with a grade).

    Raises Trouble(404), NoSheet where the person could see one.
    """
    try:
        unit = read_unit(connection, unit_id)
    except PeopleRefused:
        raise Trouble(404, "not_found") from None
    asked = [one for one in cycles_of(connection, unit.assessor_id) if cycle_id in ("", one["id"])]
    for cycle in asked:
        thing = Thing(unit_id=unit_id, assessor_id=unit.assessor_id, cycle_id=cycle["id"])
        if not may(person, "see_scores", thing):
            raise Trouble(404, "not_found")
        found = sheet_of(connection, cycle["id"], unit_id)
        if found is not None:
            mine = [one for one in appeals_of(connection, cycle["id"]) if one["unit_id"] == unit_id]
            return unit, {
                **found,
                "cycle_id": cycle["id"],
                "appeals": mine,
                "rectified": key_results(connection, cycle["id"], unit_id),
                "case_id": told_case(connection, cycle["id"], unit_id),
            }
    if not asked:
        raise Trouble(404, "not_found")
    raise NoSheet(404, "not_found", _("还没有这个单位的成绩单。"), unit=unit)
