"""The decision versions that a grading asks: those bound to its diagram, or those that a snapshot names."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, select

from engine.runtime.tables import Definition, DefinitionVersion, DeploymentItem, Instance
from processes.evaluation.rulebook import Rulebook
from processes.tables import table_of

VERSIONS = table_of(DefinitionVersion)
DEFINITIONS = table_of(Definition)
ITEMS = table_of(DeploymentItem)
INSTANCES = table_of(Instance)

DECISIONS = ("target_mark", "target_score", "total_score", "veto", "ranking", "no_squeeze", "grade")
"""D08, D10 to D14: what `scoring.score` asks. The diagram names them in `bihuan:decisions`."""


@dataclass(frozen=True)
class RuleVersion:
    """One decision in the version that was asked. `digest` is the SHA-256 of its file's content."""

    decision: str
    version_id: str
    number: int
    file: str
    digest: str
    content: bytes = field(repr=False, compare=False)

    def as_json(self) -> dict[str, Any]:
        """As a snapshot names it: all but the content, which stays with the version."""
        return {name: value for name, value in vars(self).items() if name != "content"}


class RulesUnbound(Exception):
    """The diagram is not deployed with all the decisions that a grading asks."""

    def __init__(self, missing: Sequence[str]) -> None:
        super().__init__(
            f"流程没有绑定决策 {'、'.join(missing)}：请在服务任务的 bihuan:decisions 里写上，再重新部署。"
        )
        self.missing = tuple(missing)


def bound_versions(connection: Connection, instance_id: str) -> list[RuleVersion]:
    """The versions deployed with the diagram of an instance. Raises RulesUnbound."""
    drawn = VERSIONS.alias("drawn")
    query = (
        _versions()
        .join(ITEMS, ITEMS.c.definition_version_id == VERSIONS.c.id)
        .join(drawn, drawn.c.deployment_id == ITEMS.c.deployment_id)
        .join(INSTANCES, INSTANCES.c.definition_version_id == drawn.c.id)
        .where(INSTANCES.c.id == instance_id, DEFINITIONS.c.key.in_(DECISIONS))
    )
    found = _read(connection.execute(query).mappings().all())
    missing = [key for key in DECISIONS if key not in {one.decision for one in found}]
    if missing:
        raise RulesUnbound(missing)
    return found


def stored_versions(connection: Connection, ids: Sequence[str]) -> list[RuleVersion]:
    """Versions by their ids, as they are stored today; one that is gone is not in the answer."""
    query = _versions().where(VERSIONS.c.id.in_(ids))
    return _read(connection.execute(query).mappings().all())


def rulebook_of(versions: Sequence[RuleVersion]) -> Rulebook:
    """These versions, compiled; once for each content. Raises DmnRefused."""
    return _compiled(tuple(versions))


@lru_cache(maxsize=8)
def _compiled(versions: tuple[RuleVersion, ...]) -> Rulebook:
    """Keyed by what stands in the versions, so one that was tampered with is another book."""
    files = {f"{one.file}#{one.digest}": one.content for one in versions}
    return Rulebook(files, wanted={one.decision: f"{one.file}#{one.digest}" for one in versions})


def _versions() -> Select[Any]:
    columns = (DEFINITIONS.c.key, VERSIONS.c.id, VERSIONS.c.number, VERSIONS.c.file, VERSIONS.c.content)
    decisions = (DEFINITIONS.c.id == VERSIONS.c.definition_id) & (DEFINITIONS.c.kind == "decision")
    return select(*columns).select_from(VERSIONS.join(DEFINITIONS, decisions))


def _read(rows: Sequence[RowMapping]) -> list[RuleVersion]:
    found = [
        _version(row["key"], row["id"], row["number"], row["file"], bytes(row["content"])) for row in rows
    ]
    return sorted(found, key=lambda one: DECISIONS.index(one.decision))


def _version(decision: str, version_id: str, number: int, file: str, content: bytes) -> RuleVersion:
    return RuleVersion(decision, version_id, number, file, sha256(content).hexdigest(), content)
