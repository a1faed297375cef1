"""Decision models that import others: which ones a deployment draws in, and what their versions are bound to.

A model is imported by its namespace: from the files deployed together, else from what is deployed already.
The importing version stays bound to those contents; deployed anew after one changed, it is a new version.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256

from sqlalchemy import Connection

from engine import dmn
from engine.runtime.definitions.versions import Definitions, Version


@dataclass(frozen=True)
class Shelf:
    """The models that may be imported: those `given` together, and `deployed` ones of other namespaces."""

    given: Mapping[str, bytes]
    deployed: Mapping[str, Version] = field(default_factory=dict)

    @property
    def beside(self) -> dict[str, bytes]:
        """The deployed ones, by a name that says so."""
        return {name: version.content for name, version in self.deployed.items()}

    def drawn_in(self, content: bytes) -> list[str]:
        """Names of the models that one imports, and those import in turn."""
        outlines = {name: dmn.outline(data) for name, data in {**self.given, **self.beside}.items()}
        found: set[str] = set()
        waiting = set(dmn.outline(content).imports)
        while waiting:
            wanted = waiting.pop()
            for name in {name for name, one in outlines.items() if one.namespace == wanted} - found:
                found.add(name)
                waiting |= outlines[name].imports
        return sorted(found)

    def digest(self, content: bytes) -> str:
        """Tells whether a model changed, or one that it imports."""
        known = {**self.given, **self.beside}
        parts = {sha256(known[name]).hexdigest() for name in self.drawn_in(content)}
        own = sha256(content).hexdigest()
        return sha256("\n".join([own, *sorted(parts)]).encode()).hexdigest() if parts else own

    def bound(self) -> list[Version]:
        """The deployed versions that the given models import."""
        names = {name for content in self.given.values() for name in self.drawn_in(content)}
        return [version for name, version in self.deployed.items() if name in names]


def deployed_models(connection: Connection, definitions: Definitions) -> dict[str, bytes]:
    """Every deployed model, by a name that says so: for whoever may not read the files beside them yet."""
    return {f"{one.file}（已部署，{one.key}）": one.content for one in definitions.models(connection)}


def shelf_of(connection: Connection, definitions: Definitions, files: Mapping[str, bytes]) -> Shelf:
    """The shelf of a deployment of `files`; what is deployed is only looked at when something imports."""
    given = {name: content for name, content in files.items() if name.endswith(".dmn")}
    outlines = [dmn.outline(content) for content in given.values()]
    if not any(one.imports for one in outlines):
        return Shelf(given)
    own = {one.namespace for one in outlines}
    deployed: dict[bytes, Version] = {}
    for version in definitions.models(connection):
        if dmn.outline(version.content).namespace not in own:
            deployed.setdefault(version.content, version)
    return Shelf(given, {f"{one.file}（已部署，{one.key}）": one for one in deployed.values()})
