"""字段权限: which fields of its form a step may write, only read, or never gets, as the diagram says.

`bihuan:hidden` fields are cut out of the form itself, so that pages, REST and the check know nothing of
them; `bihuan:writable` leaves only the named fields open; `bihuan:readonly` shuts the named ones.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

import orjson

from engine.bpmn.fields import LISTS, MOLDS, field_names, key_names
from engine.work.bindings import FormData

Path = tuple[str, ...]
_NO_FIELDS = frozenset({"text", "separator", "spacer", "button", "table", "expression", "html", "group"})


@dataclass(frozen=True)
class FieldRights:
    """What the diagram says of the fields of one step; `writable` is None where nothing is said."""

    readonly: frozenset[str] = frozenset()
    hidden: frozenset[str] = frozenset()
    writable: frozenset[str] | None = None


@dataclass(frozen=True)
class FormOfStep:
    """A form as one step has it, and the paths (without row numbers) of the fields that it never gets."""

    content: bytes
    hidden: tuple[Path, ...] = ()


@dataclass
class _Cutting:
    rights: FieldRights
    hidden: list[Path] = field(default_factory=list)


def rights_of(said: Mapping[str, str]) -> FieldRights:
    """`bihuan:readonly`, `bihuan:hidden` and `bihuan:writable` among a step's properties."""
    return _rights(
        said.get("bihuan:readonly", ""), said.get("bihuan:hidden", ""), said.get("bihuan:writable")
    )


@lru_cache(maxsize=500)
def _rights(readonly: str, hidden: str, writable: str | None) -> FieldRights:
    open_ones = None if writable is None else key_names(writable)
    return FieldRights(readonly=key_names(readonly), hidden=key_names(hidden), writable=open_ones)


def form_of_step(
    content: bytes, properties: Mapping[str, str], *, also: frozenset[str] = frozenset()
) -> FormOfStep:
    """The form of a step without its hidden fields, and with those shut that it may not write.

    `also` are fields that its reader must not see though the step has them (see `readers`).
    """
    rights = rights_of(properties)
    if also:
        rights = replace(rights, hidden=rights.hidden | also)
    if not rights.hidden and rights.writable is None:
        return FormOfStep(content)
    return _cut(content, rights)


@lru_cache(maxsize=200)
def _cut(content: bytes, rights: FieldRights) -> FormOfStep:
    drawn = orjson.loads(content)
    cutting = _Cutting(rights)
    drawn["components"] = _level(drawn.get("components", []), (), cutting, is_open=rights.writable is None)
    return FormOfStep(orjson.dumps(drawn), tuple(cutting.hidden))


def _level(
    components: Sequence[dict[str, Any]], around: Path, cutting: _Cutting, *, is_open: bool
) -> list[dict[str, Any]]:
    kept = []
    for one in components:
        names = field_names(one, around)
        if names & cutting.rights.hidden:
            cutting.hidden += paths_of(one, around)
            continue
        kept.append(_shut(one, around, cutting, is_open=is_open or _named(names, cutting.rights.writable)))
    return kept


def _shut(one: dict[str, Any], around: Path, cutting: _Cutting, *, is_open: bool) -> dict[str, Any]:
    kind = one.get("type")
    if kind in MOLDS:
        inner = _level(one.get("components", []), around + _own(one), cutting, is_open=is_open)
        fixed = {} if is_open or kind not in LISTS else {"allowAddRemove": False}
        return {**one, **fixed, "components": inner}
    if is_open or kind in _NO_FIELDS:
        return one
    return {**one, "readonly": True}


def _named(names: frozenset[str], writable: Collection[str] | None) -> bool:
    return writable is None or bool(names & frozenset(writable))


def _own(one: dict[str, Any]) -> Path:
    name = one.get("path") if one.get("type") in MOLDS else one.get("key")
    return tuple(name.split(".")) if isinstance(name, str) and name else ()


def paths_of(one: dict[str, Any], around: Path) -> Iterator[Path]:
    """The paths of the data that a component holds: its own, or those inside a group."""
    here = around + _own(one)
    if one.get("type") in MOLDS - LISTS:
        for child in one.get("components", []):
            yield from paths_of(child, here)
    elif _own(one):
        yield here


def without(data: FormData, hidden: Sequence[Path]) -> FormData:
    """Data without the hidden fields, also inside rows; `data` itself stays as it is."""
    for path in hidden:
        data = _dropped(data, path)
    return data


def _dropped(data: Any, path: Path) -> Any:
    if isinstance(data, list):
        return [_dropped(row, path) for row in data]
    if not isinstance(data, dict) or path[0] not in data:
        return data
    if len(path) == 1:
        return {name: value for name, value in data.items() if name != path[0]}
    return {**data, path[0]: _dropped(data[path[0]], path[1:])}


def restored(data: FormData, stored: FormData, hidden: Sequence[Path]) -> FormData:
    """Data with the stored values of hidden fields put back: a record is given its whole row.

    Rows of lists have kept theirs (`forms.merge`).
    """
    for path in hidden:
        data = _put_back(data, stored, path)
    return data


def _put_back(data: Any, stored: Any, path: Path) -> Any:
    if not isinstance(data, dict) or not isinstance(stored, dict) or path[0] not in stored:
        return data
    if len(path) == 1:
        return {**data, path[0]: stored[path[0]]}
    if not isinstance(stored[path[0]], dict):
        return data
    return {**data, path[0]: _put_back(data.get(path[0], {}), stored[path[0]], path[1:])}
