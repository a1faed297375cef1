"""Paths into a form's data, and the two ways to follow them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

Path = tuple[str | int, ...]
Local = tuple[str, ...]

ROW_MARK: Final = "_row"
"""The key under which a shown row names the stored row that it came from."""


class Missing:
    """The type of MISSING: no value at all, which is not the same as an empty one."""


MISSING: Final = Missing()


def joined(path: Path) -> str:
    """`("targets", 3, "value")` as people and HTML name it: `targets.3.value`."""
    return ".".join(str(part) for part in path)


def get_at(holder: object, local: Local) -> object:
    """The value at a path of names, MISSING when any step is absent."""
    value = holder
    for name in local:
        if not isinstance(value, Mapping) or name not in value:
            return MISSING
        value = value[name]
    return value


def put_at(holder: dict[str, object], local: Local, value: object) -> None:
    """Set the value at a path of names and make what is missing on the way."""
    for name in local[:-1]:
        inner = holder.get(name)
        if not isinstance(inner, dict):
            inner = holder[name] = {}
        holder = inner
    holder[local[-1]] = value
