"""导入: units, their divisions and people from an Excel file, all of it or nothing.

Every line is carried out by the same functions as on the pages, in a savepoint of its own, so that all
errors come back at once; one error takes everything back.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import Connection

from engine.clock import Clock
from engine.people import divisions, memberships, posts, tree, units, users
from engine.people.cells import day_of, in_column, key_of, need, only_once, several, wrong, yes_or_no
from engine.people.kinds import KIND_NAMES, TIER_NAMES
from engine.people.names import fold
from engine.people.passwords import Passwords
from engine.people.permits import Permits
from engine.people.persons import Person
from engine.people.refusals import NameUnknown, PeopleRefused
from engine.people.shape import check_shape
from engine.people.sheets import DIVISION_COLUMNS, DIVISIONS, PEOPLE, PEOPLE_COLUMNS, UNIT_COLUMNS, UNITS
from engine.people.tables import Unit
from engine.people.workbook import (
    DEFAULT_LIMITS,
    MOST_ERRORS,
    ImportRefused,
    Line,
    LineError,
    Sheet,
    WorkbookLimits,
    read_workbook,
)

_FIELD_COLUMNS = {"login": "登录名", "name": "姓名", "phone": "手机", "email": "邮箱"}


@dataclass
class Imported:
    """What an import did. `people_added` carries the one-time passwords, shown this once only."""

    units_added: list[str] = field(default_factory=list)
    units_changed: list[str] = field(default_factory=list)
    divisions_added: list[str] = field(default_factory=list)
    people_added: list[users.NewUser] = field(default_factory=list)
    people_changed: list[str] = field(default_factory=list)
    appointments: int = 0


def import_workbook(
    connection: Connection,
    data: bytes,
    *,
    assessor_id: str,
    on: date,
    passwords: Passwords,
    limits: WorkbookLimits = DEFAULT_LIMITS,
    clock: Clock | None = None,
    by: Person | None = None,
) -> Imported:
    """Import the sheets 单位, 处室 and 人员 of an .xlsx (any may be missing) for one assessor.

    `on` is the day from which posts are held unless a line says otherwise. Each line is asked for the
    rights of `by`; None: a command at the server, which may do everything. Raises ImportRefused with every
    error found; then nothing was written.
    """
    sheets = read_workbook(data, limits=limits)
    run = _Import(connection, assessor_id, on, passwords, clock, Permits(connection, by, on))
    check_shape(sheets)
    with connection.begin_nested() as all_of_it:
        if UNITS in sheets:
            run.add_units(sheets[UNITS])
        if DIVISIONS in sheets:
            run.add_divisions(sheets[DIVISIONS])
        if PEOPLE in sheets:
            run.add_people(sheets[PEOPLE])
        if run.errors:
            all_of_it.rollback()
            raise ImportRefused(run.errors)
    return run.done


class _Import:
    """One import under way: what was found wrong so far and what was done."""

    def __init__(
        self,
        connection: Connection,
        assessor_id: str,
        on: date,
        passwords: Passwords,
        clock: Clock | None,
        permits: Permits,
    ) -> None:
        self.connection, self.assessor_id, self.on = connection, assessor_id, on
        self.passwords, self.clock, self.permits = passwords, clock, permits
        self.errors: list[LineError] = []
        self.done = Imported()

    @contextmanager
    def at(self, sheet: str, line: Line, column: str) -> Iterator[None]:
        """Whatever is refused inside is noted at this cell; the savepoint takes its writes back."""
        try:
            with self.connection.begin_nested():
                yield
        except PeopleRefused as refused:
            if len(self.errors) < MOST_ERRORS:
                named = _FIELD_COLUMNS.get(str(refused.fields.get("field")), column)
                column = str(refused.fields.get("column") or named)
                self.errors.append(LineError(sheet, line.number, column, refused.message, refused.hint))

    def add_units(self, sheet: Sheet) -> None:
        """Units first, their places in the tree after, so that the lines may stand in any order."""
        seen: dict[str, int] = {}
        for line in sheet.lines:
            with self.at(UNITS, line, "代码"):
                need(line, UNIT_COLUMNS)
                only_once(seen, line)
                self._add_unit(line)
        for line in sheet.lines:
            if line.cells.get("上级") and line.cells.get("代码"):
                with self.at(UNITS, line, "上级"):
                    self._place_unit(line)

    def add_divisions(self, sheet: Sheet) -> None:
        """One line a division; one that is there already stays as it is."""
        for line in sheet.lines:
            with self.at(DIVISIONS, line, "处室"):
                need(line, DIVISION_COLUMNS)
                self._add_division(line)

    def add_people(self, sheet: Sheet) -> None:
        """One line a person and unit; the same person may stand in several lines."""
        seen: dict[str, str] = {}
        for line in sheet.lines:
            with self.at(PEOPLE, line, "登录名"):
                need(line, PEOPLE_COLUMNS)
                user_id = self._add_person(line, seen)
                self._appoint(line, user_id)

    def _add_unit(self, line: Line) -> None:
        cells = line.cells
        existing = units.find_by_code(self.connection, cells["代码"], assessor_id=self.assessor_id)
        kind = key_of(cells["类别"], KIND_NAMES, "类别")
        tier = key_of(cells.get("层级") or "city", TIER_NAMES, "层级")
        assessed = yes_or_no(cells.get("参加考评", ""))
        if existing is None:
            self.permits.add_unit_under(self._parent_of(line))
            spec = units.UnitSpec(
                code=cells["代码"],
                name=cells["名称"],
                short_name=cells.get("简称", ""),
                kind=kind,
                tier=tier,
                unit_group=cells.get("分组", ""),
                service_class=cells.get("服务类别", ""),
                parent_id=self.assessor_id,
                assessor_id=self.assessor_id,
                assessed=assessed,
            )
            with in_column("名称"):
                unit_id = units.add_unit(self.connection, spec).id
            self.permits.added(unit_id)
            self.done.units_added.append(cells["代码"])
        else:
            unit_id = existing.id
            self.permits.change_unit(existing)
            self._change_unit(line, existing, kind=kind, tier=tier, assessed=assessed)
        with in_column("别名"):
            for alias in several(cells.get("别名", "")):
                units.add_alias(self.connection, unit_id, alias)

    def _change_unit(self, line: Line, unit: Unit, *, kind: str, tier: str, assessed: bool) -> None:
        """A column that the file has and the line leaves blank stays as it is."""
        cells = line.cells
        values: dict[str, object] = {"kind": kind}
        if cells.get("层级"):
            values["tier"] = tier
        if cells.get("参加考评"):
            values["assessed"] = assessed
        for title, name in (("简称", "short_name"), ("分组", "unit_group"), ("服务类别", "service_class")):
            if cells.get(title):
                values[name] = cells[title]
        with in_column("名称"):
            if fold(cells["名称"]) != fold(unit.name):
                units.rename_unit(self.connection, unit.id, cells["名称"])
                divisions.follow_name(self.connection, unit.id)
            units.change_unit(self.connection, unit.id, **values)
        self.done.units_changed.append(unit.code)

    def _add_division(self, line: Line) -> None:
        with in_column("单位"):
            unit = self._unit(line.cells["单位"])
            self.permits.add_unit_under(unit.id)
        try:
            made = divisions.add_division(self.connection, unit.id, line.cells["处室"])
        except PeopleRefused as refused:
            if refused.code != "division_taken":
                raise
        else:
            self.permits.added(made.id)
            self.done.divisions_added.append(made.name)

    def _place_unit(self, line: Line) -> None:
        unit, parent = self._unit(line.cells["代码"]), self._unit(line.cells["上级"])
        if unit.parent_id != parent.id:
            self.permits.change_unit(unit)
            self.permits.add_unit_under(parent.id)
        tree.move_unit(self.connection, unit.id, parent.id)

    def _parent_of(self, line: Line) -> str:
        """The unit under which a new one is to stand: as the line says, if that unit is there already."""
        try:
            return self._unit(line.cells.get("上级") or self.assessor_id).id
        except PeopleRefused:
            return self.assessor_id

    def _unit(self, text: str) -> Unit:
        """A unit by code, name or alias, those of this file included."""
        try:
            return units.resolve(self.connection, text, assessor_id=self.assessor_id)
        except NameUnknown:
            unit = units.find_by_code(self.connection, text, assessor_id=self.assessor_id)
            if unit is None:
                raise
            return unit

    def _add_person(self, line: Line, seen: dict[str, str]) -> str:
        cells = line.cells
        login, name = users.normal_login(cells["登录名"]), cells["姓名"].strip()
        if seen.setdefault(login, name) != name:
            raise wrong("姓名", f"登录名“{login}”在表中有两个姓名：“{seen[login]}”和“{name}”。")
        phone, email = cells.get("手机", ""), cells.get("邮箱", "")
        known = users.find_user(self.connection, login)
        if known is None:
            new = users.create_user(
                self.connection,
                login=login,
                name=name,
                passwords=self.passwords,
                phone=phone,
                email=email,
                clock=self.clock,
            )
            self.done.people_added.append(new)
            self.permits.added(new.id)
            return new.id
        self.permits.know_account(known)
        if known.name != name:
            raise wrong(
                "姓名",
                f"登录名“{login}”已属于“{known.name}”，与“{name}”不同。",
                hint="如确系改名，请先在人员页修改；否则请换一个登录名。",
            )
        if (phone or known.phone, email or known.email) != (known.phone, known.email):
            self.permits.change_account(known)
            users.change_user(self.connection, known.id, phone=phone or None, email=email or None)
        if (
            all(new.id != known.id for new in self.done.people_added)
            and login not in self.done.people_changed
        ):
            self.done.people_changed.append(login)
        return known.id

    def _appoint(self, line: Line, user_id: str) -> None:
        cells = line.cells
        from_on = day_of(cells.get("起始日期", ""), "起始日期") or self.on
        until_on = day_of(cells.get("截止日期", ""), "截止日期")
        with in_column("单位"):
            unit = self._unit(cells["单位"])
        if cells.get("处室"):
            with in_column("处室"):
                unit = divisions.find_division(self.connection, unit.id, cells["处室"], on=self.on)
        with in_column("岗位"):
            for text in several(cells["岗位"]):
                key = posts.find_post(self.connection, text).key
                try:
                    memberships.appoint(
                        self.connection,
                        user_id=user_id,
                        unit_id=unit.id,
                        post_key=key,
                        from_on=from_on,
                        until_on=until_on,
                    )
                except PeopleRefused as refused:
                    # Importing the same file again changes nothing.
                    if refused.code != "already_holds":
                        raise
                else:
                    self.permits.fill(user_id, unit, key)
                    self.done.appointments += 1
