"""The decisions bound to a diagram, answering with the rules that fired: a score keeps them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, select

from engine.feel import Value
from engine.feel.codec import to_json
from engine.runtime.tables import Definition, DefinitionVersion, DeploymentItem, Instance
from engine.store.prepared import Prepared
from processes.cycle.evaluation_section import evaluation_values
from processes.cycle.reading import scheme_of
from processes.evaluation.rulebook import Answer, Rulebook
from processes.evaluation.scheme import scheme_of as rules_scheme
from processes.tables import table_of

VERSIONS = table_of(DefinitionVersion)
DEFINITIONS = table_of(Definition)
ITEMS = table_of(DeploymentItem)
INSTANCES = table_of(Instance)
DRAWN = VERSIONS.alias("drawn")
BOUND = Prepared(
    select(DEFINITIONS.c.key, VERSIONS.c.id, VERSIONS.c.file)
    .select_from(VERSIONS)
    .join(DEFINITIONS, DEFINITIONS.c.id == VERSIONS.c.definition_id)
    .join(ITEMS, ITEMS.c.definition_version_id == VERSIONS.c.id)
    .join(DRAWN, DRAWN.c.deployment_id == ITEMS.c.deployment_id)
    .join(INSTANCES, INSTANCES.c.definition_version_id == DRAWN.c.id)
    .where(INSTANCES.c.id == bindparam("instance_id"), DEFINITIONS.c.kind == "decision")
)
"""The decisions that were deployed with an instance's diagram."""
CONTENTS = Prepared(
    select(DEFINITIONS.c.key, VERSIONS.c.content)
    .join(DEFINITIONS, DEFINITIONS.c.id == VERSIONS.c.definition_id)
    .where(VERSIONS.c.id.in_(bindparam("ids", expanding=True)))
)
MOST_BOOKS = 8
Bound = tuple[tuple[str, str], ...]
_BOOKS: dict[Bound, Rulebook] = {}


@dataclass(frozen=True)
class Rules:
    """The decisions of a diagram's deployment, and the city's parameters as their input `scheme`."""

    book: Rulebook
    versions: Mapping[str, str]
    scheme: Mapping[str, Value]

    def decide(self, decision: str, **inputs: Value) -> Answer:
        """Make a decision; `scheme` is given to all. Raises NoAnswer, KeyError."""
        return self.book.decide(decision, {**inputs, "scheme": dict(self.scheme)})


def rules_of(connection: Connection, *, instance_id: str, cycle_id: str) -> Rules:
    """The rules by which an instance scores, in the versions that it was started with."""
    rows = BOUND.rows(connection, instance_id=instance_id)
    content = scheme_of(connection, cycle_id)
    scheme = {**rules_scheme(content), "assessment": evaluation_values(content, "assessment")}
    wanted = {row["key"]: f"{row['file']}#{row['id']}" for row in rows}
    kept = tuple(sorted(wanted.items()))
    book = _BOOKS.get(kept)
    if book is None:
        ids = [row["id"] for row in rows]
        files = {wanted[row["key"]]: bytes(row["content"]) for row in CONTENTS.rows(connection, ids=ids)}
        book = _keep(kept, Rulebook(files, wanted=wanted))
    return Rules(book, {row["key"]: row["id"] for row in rows}, scheme)


def fired(*answers: Answer) -> list[dict[str, Any]]:
    """The rules that fired on the way, as a score keeps them."""
    return [
        {"decision": rule.decision, "number": rule.number, "id": rule.id, "text": rule.text}
        for answer in answers
        for rule in answer.rules
    ]


def plain(value: Value) -> Any:
    """The same as plain JSON, decimals as text."""
    return to_json(value)


def _keep(wanted: Bound, book: Rulebook) -> Rulebook:
    """Versions never change, so a book is good for as long as there is room for it."""
    if len(_BOOKS) >= MOST_BOOKS:
        _BOOKS.clear()
    return _BOOKS.setdefault(wanted, book)
