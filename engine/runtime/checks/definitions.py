"""Diagrams, decisions and forms as they were deployed: each is what its digest says, and is started as drawn.

A process carries the digests of the forms and decisions that it is bound to, so these are asked for as well.
"""

from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path

from sqlalchemy import Connection

from engine.runtime.checks.faults import Fault
from engine.runtime.definitions.deploying import Resource, bound_digest, process_resources
from engine.runtime.definitions.shelf import Shelf
from engine.runtime.definitions.versions import Kind
from engine.store import Queries, Row

QUERIES = Queries(Path(__file__).with_name("definitions.sql"))
NAMES = {"process": "流程", "decision": "决策", "form": "表单", "model": "决策模型"}


def definition_faults(connection: Connection) -> Iterator[Fault]:
    """Contents that were changed in the database, and message or signal starts that are not as drawn."""
    for deployment in QUERIES.rows(connection, "deployments"):
        items = QUERIES.rows(connection, "items", deployment_id=deployment["id"])
        yield from _changed(items)
    drawn = {
        (kind, name, row["key"], row["id"], element)
        for row in QUERIES.rows(connection, "newest_processes")
        for one in _drawn(row)
        for kind, name, element in one.starts
    }
    kept = {tuple(row.values()) for row in QUERIES.rows(connection, "starts")}
    for kind, name, key, version_id, _ in sorted(drawn ^ kept):
        place = f"start_subscription.name={name}"
        yield Fault(
            "starts", place, f"{place}：流程 {key} 由 {kind} “{name}”启动的订阅与图（{version_id}）不符"
        )


def _changed(items: list[Row]) -> Iterator[Fault]:
    """Versions that a deployment made, whose content is not what was deployed."""
    shelf = Shelf({sha256(row["content"]).hexdigest(): row["content"] for row in items if _imports(row)})
    digests = {(row["kind"], row["key"]): row["digest"] for row in items}
    for row in items:
        if row["made_here"] and _digest(row, shelf, digests) != row["digest"]:
            place = f"definition_version.id={row['id']}"
            what = f"{NAMES[row['kind']]} {row['key']} 第 {row['number']} 版"
            yield Fault("definitions", place, f"{place}：{what}的内容与部署时不同")


def _imports(row: Row) -> bool:
    return row["kind"] in ("decision", "model")


def _digest(row: Row, shelf: Shelf, digests: Mapping[tuple[Kind, str], str]) -> str | None:
    """The digest as deploying works it out; None where the content gives none."""
    if row["kind"] == "form":
        return sha256(row["content"]).hexdigest()
    try:
        if _imports(row):
            return shelf.digest(row["content"])
        return next((bound_digest(one, digests) for one in _drawn(row)), None)
    except (ValueError, KeyError):
        return None


def _drawn(row: Row) -> list[Resource]:
    """The process of a version; none when its content is no longer a diagram that runs."""
    try:
        return [one for one in process_resources(row["file"], row["content"]) if one.key == row["key"]]
    except Exception:  # whatever reading a spoilt file gives: the digest says that it is spoilt
        return []
