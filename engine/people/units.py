"""单位: the tree of units, the names they are found by, and how a unit ends."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, delete, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from engine.ids import new_id
from engine.people.kinds import DIVISION, check_kind
from engine.people.names import fold, spelling
from engine.people.records import records
from engine.people.refusals import NameUnknown, PeopleRefused
from engine.people.tables import Unit, UnitAlias

ASSESSOR = "assessor"
"""The kind of a unit that assesses others."""
_CHANGEABLE = frozenset(
    {
        "code",
        "short_name",
        "kind",
        "tier",
        "unit_group",
        "service_class",
        "assessed",
        "valid_from_on",
        "valid_until_on",
    }
)


@dataclass(frozen=True)
class UnitSpec:
    """A unit to be added. Without `assessor_id` it is a topmost assessor and assesses itself."""

    code: str
    name: str
    kind: str
    short_name: str = ""
    tier: str = "city"
    unit_group: str = ""
    service_class: str = ""
    parent_id: str | None = None
    assessor_id: str | None = None
    assessed: bool = False
    aliases: tuple[str, ...] = ()
    valid_from_on: date | None = None
    valid_until_on: date | None = None


def add_unit(connection: Connection, spec: UnitSpec) -> Unit:
    """Add a unit with its names. Raises PeopleRefused: a code or name taken, a kind or parent unknown."""
    code, name = spec.code.strip(), spec.name.strip()
    if not code or not name:
        raise PeopleRefused("unit_blank", "单位必须有代码和名称。", code_given=code, name=name)
    check_kind(spec.kind, spec.tier)
    for other in (spec.parent_id, spec.assessor_id):
        if other is not None:
            read_unit(connection, other)
    unit_id = new_id()
    unit = Unit(
        id=unit_id,
        code=code,
        name=name,
        short_name=spec.short_name.strip(),
        kind=spec.kind,
        tier=spec.tier,
        unit_group=spec.unit_group,
        service_class=spec.service_class,
        parent_id=spec.parent_id,
        assessor_id=spec.assessor_id or unit_id,
        assessed=spec.assessed,
        pinyin=spelling(name),
        valid_from_on=spec.valid_from_on,
        valid_until_on=spec.valid_until_on,
    )
    _check_code(connection, unit)
    _save(connection, unit)
    add_alias(connection, unit_id, name, kind="name")
    if unit.short_name:
        add_alias(connection, unit_id, unit.short_name, kind="short")
    for alias in spec.aliases:
        add_alias(connection, unit_id, alias)
    return unit


def read_unit(connection: Connection, unit_id: str) -> Unit:
    """The unit with this id. Raises PeopleRefused when there is none."""
    with records(connection) as session:
        unit = session.get(Unit, unit_id)
        if unit is None:
            raise PeopleRefused("unit_missing", "没有这个单位。", unit_id=unit_id)
        session.expunge(unit)
        return unit


def list_units(
    connection: Connection,
    *,
    assessor_id: str | None = None,
    kinds: Iterable[str] = (),
    parent_id: str | None = None,
    assessed: bool | None = None,
    on: date | None = None,
) -> list[Unit]:
    """Units by code; of one assessor, some kinds (without: all but divisions), under one, on a day."""
    query = select(Unit).order_by(col(Unit.code))
    if parent_id is not None:
        query = query.where(col(Unit.parent_id) == parent_id)
    if assessor_id is not None:
        query = query.where(or_(col(Unit.assessor_id) == assessor_id, col(Unit.id) == assessor_id))
    wanted = list(kinds)
    query = query.where(col(Unit.kind).in_(wanted) if wanted else col(Unit.kind) != DIVISION)
    if assessed is not None:
        query = query.where(col(Unit.assessed) == assessed)
    if on is not None:
        query = query.where(or_(col(Unit.valid_from_on).is_(None), col(Unit.valid_from_on) <= on))
        query = query.where(or_(col(Unit.valid_until_on).is_(None), col(Unit.valid_until_on) >= on))
    with records(connection) as session:
        units = list(session.scalars(query))
        session.expunge_all()
        return units


def find_by_code(connection: Connection, code: str, *, assessor_id: str) -> Unit | None:
    """The unit with this code among those of one assessor (itself included), or None."""
    query = select(Unit).where(
        col(Unit.code) == code, or_(col(Unit.assessor_id) == assessor_id, col(Unit.id) == assessor_id)
    )
    with records(connection) as session:
        unit = session.scalars(query.order_by(col(Unit.id))).first()
        session.expunge_all()
        return unit


def resolve(connection: Connection, name: str, *, assessor_id: str | None = None) -> Unit:
    """The unit that is called `name` (name, short name, former name or alias).

    Widths of brackets and spaces do not matter. Raises NameUnknown, or PeopleRefused when several
    assessors know different units of that name and `assessor_id` does not say which.
    """
    found = resolve_all(connection, [name], assessor_id=assessor_id)
    return found[name]


def resolve_all(
    connection: Connection, names: Iterable[str], *, assessor_id: str | None = None
) -> Mapping[str, Unit]:
    """`resolve` for many names with one query; the first unknown one is raised."""
    wanted = {name: fold(name) for name in names}
    query = select(col(UnitAlias.folded), Unit).join(Unit, col(Unit.id) == col(UnitAlias.unit_id))
    query = query.where(col(UnitAlias.folded).in_(sorted(set(wanted.values()))))
    if assessor_id is not None:
        itself = col(UnitAlias.unit_id) == assessor_id
        query = query.where(or_(col(UnitAlias.assessor_id) == assessor_id, itself))
    found: dict[str, dict[str, Unit]] = {}
    with records(connection) as session:
        for folded, unit in session.execute(query):
            found.setdefault(folded, {})[unit.id] = unit
        session.expunge_all()
    return {name: _only(name, found.get(folded, {})) for name, folded in wanted.items()}


def aliases_of(connection: Connection, unit_id: str) -> list[UnitAlias]:
    """Every name under which the unit is found."""
    with records(connection) as session:
        rows = session.scalars(
            select(UnitAlias).where(col(UnitAlias.unit_id) == unit_id).order_by(col(UnitAlias.id))
        )
        aliases = list(rows)
        session.expunge_all()
        return aliases


def add_alias(connection: Connection, unit_id: str, alias: str, *, kind: str = "other") -> None:
    """Let the unit be found as `alias` too; nothing happens when it already is.

    Raises PeopleRefused when another unit of the same assessor is called so.
    """
    unit, folded = read_unit(connection, unit_id), fold(alias)
    if not folded:
        raise PeopleRefused("alias_blank", "别名不能为空。", unit_id=unit_id)
    with records(connection) as session:
        taken = session.scalars(
            select(UnitAlias).where(
                col(UnitAlias.assessor_id) == unit.assessor_id, col(UnitAlias.folded) == folded
            )
        ).first()
        if taken is not None and taken.unit_id != unit_id:
            raise _name_taken(alias, read_unit(connection, taken.unit_id).name)
        if taken is not None:
            return
        session.add(
            UnitAlias(
                unit_id=unit_id,
                assessor_id=unit.assessor_id,
                alias=alias.strip(),
                folded=folded,
                kind=kind,
                pinyin=spelling(alias),
            )
        )
        try:
            session.flush()
        except IntegrityError as error:
            raise _name_taken(alias, "另一个单位") from error


def remove_alias(connection: Connection, unit_id: str, alias: str) -> None:
    """Forget an alias; the unit's own name stays. Raises PeopleRefused for that."""
    if fold(read_unit(connection, unit_id).name) == fold(alias):
        raise PeopleRefused("alias_is_name", f"“{alias}”是单位的名称，不能作为别名删除。", unit_id=unit_id)
    connection.execute(
        delete(UnitAlias).where(col(UnitAlias.unit_id) == unit_id, col(UnitAlias.folded) == fold(alias))
    )


def rename_unit(connection: Connection, unit_id: str, name: str, *, short_name: str | None = None) -> None:
    """Give the unit a new name; the old one stays as an alias, so old files still find it."""
    unit = read_unit(connection, unit_id)
    add_alias(connection, unit_id, name, kind="name")
    of_unit = update(UnitAlias).where(col(UnitAlias.unit_id) == unit_id)
    connection.execute(of_unit.where(col(UnitAlias.folded) == fold(unit.name)).values(kind="former"))
    connection.execute(of_unit.where(col(UnitAlias.folded) == fold(name)).values(kind="name"))
    values: dict[str, object] = {"name": name.strip(), "pinyin": spelling(name)}
    if short_name is not None:
        values["short_name"] = short_name.strip()
        if short_name.strip():
            add_alias(connection, unit_id, short_name, kind="short")
    connection.execute(update(Unit).where(col(Unit.id) == unit_id).values(**values))


def change_unit(connection: Connection, unit_id: str, **values: object) -> None:
    """Change plain fields of a unit. Name and place have verbs of their own. Raises PeopleRefused."""
    if unknown := sorted(set(values) - _CHANGEABLE):
        raise PeopleRefused(
            "unit_field", f"单位的字段 {'、'.join(unknown)} 不能这样修改。", fields_given=unknown
        )
    unit = read_unit(connection, unit_id)
    if "code" in values and values["code"] != unit.code:
        unit.code = str(values["code"])
        _check_code(connection, unit)
    if short := str(values.get("short_name") or "").strip():
        add_alias(connection, unit_id, short, kind="short")
    if values:
        connection.execute(update(Unit).where(col(Unit.id) == unit_id).values(**values))


def end_unit(
    connection: Connection, unit_id: str, *, until_on: date, successor_id: str | None = None
) -> None:
    """撤并: the unit exists until `until_on`; `successor_id` takes its place. Nothing is deleted."""
    if successor_id == unit_id:
        raise PeopleRefused("unit_successor", "单位不能由自己承继。", unit_id=unit_id)
    if successor_id is not None:
        read_unit(connection, successor_id)
    values = {"valid_until_on": until_on, "successor_id": successor_id}
    connection.execute(update(Unit).where(col(Unit.id) == unit_id).values(**values))


def assessor_of(connection: Connection, unit_id: str) -> str:
    """The assessor to whom a unit belongs: itself, when it is one."""
    unit = read_unit(connection, unit_id)
    return unit.id if unit.kind == ASSESSOR else unit.assessor_id


def _only(name: str, units: Mapping[str, Unit]) -> Unit:
    if not units:
        raise NameUnknown(name)
    if len(units) > 1:
        raise PeopleRefused(
            "unit_ambiguous", f"“{name}”在多个考评主体中指不同的单位。", hint="请指明考评主体。", name=name
        )
    return next(iter(units.values()))


def _name_taken(alias: str, owner: str) -> PeopleRefused:
    return PeopleRefused("name_taken", f"“{alias}”已经是“{owner}”的名称或别名。", name=alias, owner=owner)


def _check_code(connection: Connection, unit: Unit) -> None:
    query = select(col(Unit.name)).where(
        col(Unit.assessor_id) == unit.assessor_id, col(Unit.code) == unit.code, col(Unit.id) != unit.id
    )
    owner = connection.execute(query).scalar()
    if owner is not None:
        raise PeopleRefused("code_taken", f"代码 {unit.code} 已用于“{owner}”。", code_given=unit.code)


def _save(connection: Connection, unit: Unit) -> None:
    with records(connection) as session:
        session.add(unit)
        try:
            session.flush()
        except IntegrityError as error:
            raise PeopleRefused("unit_conflict", f"单位“{unit.name}”与已有单位冲突。") from error
        session.expunge(unit)
