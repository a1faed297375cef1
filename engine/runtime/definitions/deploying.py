"""Deploying: a set of files is checked together, then becomes versions together, or nothing does.

A process version is bound to the forms and decisions of its deployment. So when one of those changed,
the processes in the same deployment that use it become new versions too.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

import orjson
from sqlalchemy import Connection

from engine import dmn
from engine.bpmn.findings import Finding, Refused, errors
from engine.bpmn.lint import Catalogue, lint
from engine.bpmn.model import Model, ProcessModel
from engine.bpmn.reader import read_model
from engine.ids import new_id
from engine.people.posts import list_posts
from engine.runtime.definitions.checking import Checked, Overtaken
from engine.runtime.definitions.shelf import Shelf, shelf_of
from engine.runtime.definitions.versions import QUERIES, Definitions, Kind, UnknownDefinition, Version
from engine.store import insert_rows
from engine.store.turns import one_at_a_time

STARTING = ("message", "signal")
LIBRARY = "library"
"""The source of what comes with the product; it never replaces what a city has deployed itself."""


@dataclass(frozen=True)
class Resource:
    """One key of one file, with the digest that tells whether it changed."""

    kind: Kind
    key: str
    name: str
    file: str
    content: bytes
    digest: str
    uses: frozenset[tuple[Kind, str]] = frozenset()
    starts: tuple[tuple[str, str, str], ...] = ()
    """Kind ("message", "signal"), name and element of each start that waits for something."""


@dataclass(frozen=True)
class DeployedVersion:
    """What became of one key: its version number, and whether that is new."""

    kind: Kind
    key: str
    version_id: str
    number: int
    new: bool


@dataclass(frozen=True)
class Deployed:
    """An accepted deployment and the warnings that did not stop it.

    `left_alone` are the city's own versions that the product's files did not replace.
    """

    deployment_id: str
    versions: tuple[DeployedVersion, ...]
    warnings: tuple[Finding, ...]
    left_alone: tuple[DeployedVersion, ...] = ()


def catalogue_of(connection: Connection, *, handlers: frozenset[str], records: frozenset[str]) -> Catalogue:
    """What exists besides the files of a deployment: deployed keys, the city's posts, registered Python.

    While no post is defined yet (a new installation), posts are not asked for.
    """
    known: dict[str, set[str]] = {"process": set(), "decision": set(), "form": set(), "model": set()}
    for row in QUERIES.rows(connection, "keys"):
        known[row["kind"]].add(row["key"])
    posts = frozenset(post.key for post in list_posts(connection))
    return Catalogue(
        forms=frozenset(known["form"]),
        decisions=frozenset(known["decision"]),
        processes=frozenset(known["process"]),
        posts=posts or None,
        handlers=handlers,
        records=records,
        functions=frozenset(),
    )


def deploy(
    connection: Connection,
    definitions: Definitions,
    files: Mapping[str, bytes],
    *,
    catalogue: Callable[[Connection], Catalogue],
    by: str | None,
    note: str,
    at: datetime,
    source: str = "",
    checked: Checked | None = None,
) -> Deployed:
    """Make versions of `files` (name -> content) together. Raises `Refused`.

    They were `checked` before, or are checked here, which keeps everybody else from writing on SQLite; raises
    `Overtaken` when something was deployed in between. With `source=LIBRARY`, keys whose newest version came
    from elsewhere keep that version.
    """
    one_at_a_time(connection, "deploy")  # versions are numbered
    if checked is not None and not checked.holds(connection, files):
        raise Overtaken
    shelf = shelf_of(connection, definitions, files)
    findings = checked.findings if checked else _linted(files, catalogue(connection), shelf)
    if errors(findings):
        raise Refused(findings)
    resources = [resource for name in sorted(files) for resource in resources_of(name, files[name], shelf)]
    kept = _of_the_city(connection, definitions, resources) if source == LIBRARY else {}
    given = [resource for resource in resources if (resource.kind, resource.key) not in kept]
    if kept:  # what the city made its own is imported as the city has it
        shelf = shelf_of(connection, definitions, {one.file: one.content for one in given})
    bound = _bound_elsewhere(connection, definitions, given)
    bound |= {(version.kind, version.key): version for version in shelf.bound()}
    deployment_id = new_id()
    row = {"id": deployment_id, "deployed_at": at, "deployed_by": by, "note": note, "source": source}
    insert_rows(connection, "deployment", [row])
    done = [
        _make_version(connection, definitions, resource, deployment_id=deployment_id, at=at)
        for resource in _with_bound_digests(given, bound)
    ]
    items = {version.version_id for version in done} | {version.id for version in bound.values()}
    insert_rows(
        connection,
        "deployment_item",
        [{"deployment_id": deployment_id, "definition_version_id": item} for item in sorted(items)],
    )
    content = {(resource.kind, resource.key): resource.content for resource in resources}
    left = [
        DeployedVersion(version.kind, version.key, version.id, version.number, new=False)
        for place, version in kept.items()
        if version.content != content[place]
    ]
    return Deployed(deployment_id, tuple(done), tuple(findings), tuple(left))


def _linted(files: Mapping[str, bytes], catalogue: Catalogue, shelf: Shelf) -> Sequence[Finding]:
    return lint(files, catalogue=catalogue, level="dialect", models=shelf.beside)


def _of_the_city(
    connection: Connection, definitions: Definitions, resources: list[Resource]
) -> dict[tuple[Kind, str], Version]:
    """Those of `resources` that the city has replaced by its own, with the city's newest version."""
    own = {
        (row["kind"], row["key"]) for row in QUERIES.rows(connection, "sources") if row["source"] != LIBRARY
    }
    return {
        (one.kind, one.key): definitions.latest(connection, one.kind, one.key)
        for one in resources
        if (one.kind, one.key) in own
    }


def resources_of(file: str, content: bytes, shelf: Shelf) -> list[Resource]:
    """What one file defines: its processes, decisions or form. A decision file may import from the shelf."""
    if file.endswith(".bpmn"):
        return process_resources(file, content)
    if file.endswith(".dmn"):
        return _decision_resources(file, content, shelf)
    form = orjson.loads(content)
    digest = sha256(content).hexdigest()
    return [Resource("form", form["id"], form.get("name", form["id"]), file, content, digest)]


def process_resources(file: str, content: bytes) -> list[Resource]:
    """The processes of a diagram. Raises `Refused`."""
    model = read_model(content, file=file)
    return [_process_resource(model, process, content) for process in model.processes.values()]


def _decision_resources(file: str, content: bytes, shelf: Shelf) -> list[Resource]:
    """Its decisions; a file without any is kept by its namespace for others to import."""
    decisions = dmn.read(content, file=file, others={**shelf.given, **shelf.beside})
    digest, namespace = shelf.digest(content), dmn.outline(content).namespace
    if not decisions.names and namespace:
        return [Resource("model", namespace, decisions.definitions.name, file, content, digest)]
    return [Resource("decision", key, name, file, content, digest) for key, name in decisions.names.items()]


def _process_resource(model: Model, process: ProcessModel, content: bytes) -> Resource:
    uses: set[tuple[Kind, str]] = set()
    starts = []
    for element in process.elements.values():
        if element.form_id:
            uses.add(("form", element.form_id))
        asked = element.properties.get("bihuan:decisions", "").split(",")
        decisions = (element.decision_id, element.properties.get("bihuan:advice"), *map(str.strip, asked))
        uses |= {("decision", decision) for decision in decisions if decision}
        event = element.event
        if element.id in process.start_events and event and event.kind in STARTING:
            starts.append((event.kind, event.name or "", element.id))
    return Resource(
        "process", process.id, process.name, model.file, content, model.digest, frozenset(uses), tuple(starts)
    )


def _bound_elsewhere(
    connection: Connection, definitions: Definitions, resources: list[Resource]
) -> dict[tuple[Kind, str], Version]:
    """Forms and decisions that the processes use and that are deployed already."""
    here = {(resource.kind, resource.key) for resource in resources}
    needed = {use for resource in resources for use in resource.uses} - here
    found = {}
    for kind, key in sorted(needed):
        try:
            found[kind, key] = definitions.latest(connection, kind, key)
        except UnknownDefinition as missing:  # lint has asked; another deployment cannot have removed it
            raise Refused(
                [Finding("", 0, "", "reference", "error", str(missing), "先部署它，或一并部署")]
            ) from None
    return found


def _with_bound_digests(
    resources: list[Resource], bound: Mapping[tuple[Kind, str], Version]
) -> list[Resource]:
    """Processes carry the digests of what they are bound to, so that a changed form makes a new version."""
    digests = {(resource.kind, resource.key): resource.digest for resource in resources}
    digests |= {place: version.digest for place, version in bound.items()}
    return [replace(resource, digest=bound_digest(resource, digests)) for resource in resources]


def bound_digest(resource: Resource, digests: Mapping[tuple[Kind, str], str]) -> str:
    """A resource's digest together with those of what it uses. Raises KeyError for one that is missing."""
    if not resource.uses:
        return resource.digest
    parts = [resource.digest, *(digests[use] for use in sorted(resource.uses))]
    return sha256("\n".join(parts).encode()).hexdigest()


def _make_version(
    connection: Connection, definitions: Definitions, resource: Resource, *, deployment_id: str, at: datetime
) -> DeployedVersion:
    try:
        latest = definitions.latest(connection, resource.kind, resource.key)
    except UnknownDefinition:
        latest = None
    if latest is not None and latest.digest == resource.digest:
        return DeployedVersion(resource.kind, resource.key, latest.id, latest.number, new=False)
    definition_id = latest.definition_id if latest else new_id()
    if latest is None:
        row = {"id": definition_id, "kind": resource.kind, "key": resource.key, "name": resource.name}
        insert_rows(connection, "definition", [row])
    elif latest.name != resource.name:
        QUERIES.run(connection, "rename", id=definition_id, name=resource.name)
    version_id, number = new_id(), (latest.number + 1 if latest else 1)
    version = {
        "id": version_id,
        "definition_id": definition_id,
        "deployment_id": deployment_id,
        "number": number,
        "file": resource.file,
        "digest": resource.digest,
        "content": resource.content,
        "created_at": at,
    }
    insert_rows(connection, "definition_version", [version])
    if resource.kind == "process":
        _subscribe_starts(connection, resource, version_id)
    return DeployedVersion(resource.kind, resource.key, version_id, number, new=True)


def _subscribe_starts(connection: Connection, resource: Resource, version_id: str) -> None:
    """Message and signal starts belong to the newest version."""
    QUERIES.run(connection, "forget_starts", process_key=resource.key)
    insert_rows(
        connection,
        "start_subscription",
        [
            {
                "kind": kind,
                "name": name,
                "process_key": resource.key,
                "definition_version_id": version_id,
                "element_id": element_id,
            }
            for kind, name, element_id in resource.starts
        ],
    )
