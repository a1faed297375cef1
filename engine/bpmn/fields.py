"""Field rights as the diagram writes them, and the names by which a form's fields answer to them."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

RIGHTS = ("bihuan:readonly", "bihuan:hidden", "bihuan:writable")
"""The properties of a user task that name fields of its form."""
LISTS = frozenset({"dynamiclist"})
MOLDS = LISTS | {"group"}
"""Components of a form that hold others."""


@lru_cache(maxsize=500)
def key_names(text: str) -> frozenset[str]:
    """The names in a property's text, comma between them."""
    return frozenset(key.strip() for key in text.split(",") if key.strip())


def field_names(component: Mapping[str, Any], around: tuple[str, ...]) -> frozenset[str]:
    """What a component of a form is called: its id, its own key, its path from the form's root."""
    own = component.get("path") if component.get("type") in MOLDS else component.get("key")
    names = {str(component.get("id", ""))}
    if isinstance(own, str) and own:
        names |= {own, ".".join((*around, own))}
    return frozenset(names - {""})


def names_in(components: object, around: tuple[str, ...] = ()) -> frozenset[str]:
    """Every name that some field right may use in a form with these components."""
    return frozenset(_names(components, around))


def _names(components: object, around: tuple[str, ...]) -> Iterator[str]:
    for one in components if isinstance(components, list) else []:
        if not isinstance(one, dict):
            continue
        yield from field_names(one, around)
        own = one.get("path") if one.get("type") in MOLDS else None
        inner = (*around, own) if isinstance(own, str) and own else around
        yield from _names(one.get("components"), inner)
