"""The decisions bound to a diagram, answering with the rules that fired: a score keeps them."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, select

from engine.feel import Value
from engine.feel.codec import to_json
from engine.runtime.tables import Definition, DefinitionVersion, DeploymentItem, Instance
from processes.cycle.evaluation_section import evaluation_values
from processes.cycle.reading import scheme_of
from processes.evaluation.rulebook import Answer, Rulebook
from processes.evaluation.scheme import scheme_of as rules_scheme
from processes.tables import table_of

VERSIONS = table_of(DefinitionVersion)
DEFINITIONS = table_of(Definition)
ITEMS = table_of(DeploymentItem)
INSTANCES = table_of(Instance)


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
    drawn = VERSIONS.alias("drawn")
    query = (
        select(DEFINITIONS.c.key, VERSIONS.c.id, VERSIONS.c.file, VERSIONS.c.content)
        .select_from(VERSIONS)
        .join(DEFINITIONS, DEFINITIONS.c.id == VERSIONS.c.definition_id)
        .join(ITEMS, ITEMS.c.definition_version_id == VERSIONS.c.id)
        .join(drawn, drawn.c.deployment_id == ITEMS.c.deployment_id)
        .join(INSTANCES, INSTANCES.c.definition_version_id == drawn.c.id)
        .where(INSTANCES.c.id == instance_id, DEFINITIONS.c.kind == "decision")
    )
    rows = connection.execute(query).all()
    wanted = {row.key: f"{row.file}#{row.id}" for row in rows}
    files = {wanted[row.key]: bytes(row.content) for row in rows}
    content = scheme_of(connection, cycle_id)
    scheme = {**rules_scheme(content), "assessment": evaluation_values(content, "assessment")}
    book = _book(tuple(sorted(files.items())), tuple(sorted(wanted.items())))
    return Rules(book, {row.key: row.id for row in rows}, scheme)


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


@lru_cache(maxsize=8)
def _book(files: tuple[tuple[str, bytes], ...], wanted: tuple[tuple[str, str], ...]) -> Rulebook:
    return Rulebook(dict(files), wanted=dict(wanted))
