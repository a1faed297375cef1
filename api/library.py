"""The definitions that come with the product: diagrams and decisions of the stages, and their forms."""

from importlib.resources import files
from pathlib import Path

from sqlalchemy import Connection

from engine.bpmn.lint import Catalogue
from engine.bpmn.model import ProcessModel
from engine.bpmn.reader import read_model
from engine.runtime.definitions.deploying import LIBRARY, Deployed, resources_of
from engine.runtime.definitions.shelf import Shelf
from engine.runtime.engine import Engine
from engine.runtime.events.publishing import PUBLISH
from engine.work.bindings import Bindings
from processes.cycle.profile import bundled_profiles, load_profile

SUFFIXES = (".bpmn", ".dmn", ".form")


def library_files() -> dict[str, bytes]:
    """All of them, by path from the top of the project."""
    found: dict[str, bytes] = {}
    for package, folder in (("processes", "."), ("forms", "library")):
        top = Path(str(files(package)))
        for path in sorted((top / folder).rglob("*")):
            if path.suffix in SUFFIXES:
                found[f"{package}/{path.relative_to(top)}"] = path.read_bytes()
    return found


def library_models() -> dict[str, bytes]:
    """The decision models among them."""
    return {file: content for file, content in library_files().items() if file.endswith(".dmn")}


def _drawn() -> list[ProcessModel]:
    """Its processes."""
    diagrams = {file: content for file, content in library_files().items() if file.endswith(".bpmn")}
    models = [read_model(content, file=file) for file, content in diagrams.items()]
    return [process for model in models for process in model.processes.values()]


def deploy_library(engine: Engine, connection: Connection) -> Deployed:
    """Make versions of what is new in the product; what the city has changed is left alone."""
    return engine.deploy_in(connection, library_files(), note="自带的流程、决策和表单", source=LIBRARY)


def library_catalogue(bindings: Bindings) -> Catalogue:
    """What a diagram may name when no installation is asked: the library, its profiles' posts, our Python."""
    known: dict[str, set[str]] = {"process": set(), "decision": set(), "form": set(), "model": set()}
    shelf = Shelf(library_models())
    for file, content in library_files().items():
        for resource in resources_of(file, content, shelf):
            known[resource.kind].add(resource.key)
    drawn = _drawn()
    return Catalogue(
        forms=frozenset(known["form"]),
        decisions=frozenset(known["decision"]),
        processes=frozenset(known["process"]),
        posts=frozenset(post for name in bundled_profiles() for post in load_profile(name).content["posts"]),
        handlers=frozenset(bindings.services) | {PUBLISH},
        records=frozenset(bindings.records),
        functions=frozenset(),
        messages=frozenset().union(*(process.awaited for process in drawn)),
        calls=frozenset().union(*(process.calls for process in drawn)),
        form_judge=bindings.form_judge,
    )
