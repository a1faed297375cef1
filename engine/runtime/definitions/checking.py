"""Checking what is to be deployed, before anybody who writes has to wait for it.

The lint takes as long as files are large. It is asked once, in no transaction, and its answer holds for the
files and for what was deployed then; a deployment that finds anything else there is checked once more.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256

import orjson
from sqlalchemy import Connection

from engine.bpmn.findings import Finding
from engine.bpmn.lint import Catalogue
from engine.bpmn.reader import read_model
from engine.people.posts import list_posts
from engine.runtime.definitions.versions import QUERIES

Lint = Callable[[Mapping[str, bytes], Catalogue, Mapping[str, bytes]], list[Finding]]
"""What is said of files, given what exists beside them and the decision models that they may import."""


@dataclass(frozen=True)
class Checked:
    """What the lint said, of which files (their digest), and beside which state of what is deployed."""

    findings: tuple[Finding, ...]
    files: str
    state: str

    def holds(self, connection: Connection, files: Mapping[str, bytes]) -> bool:
        """Whether it was said of these files, and nothing has been deployed since."""
        return self.files == digest_of(files) and self.state == state_of(connection)


class Overtaken(Exception):
    """Something was deployed while these files were checked; nothing has been done."""

    def __init__(self) -> None:
        super().__init__("检查期间有别的部署生效，请再部署一次。")


def state_of(connection: Connection) -> str:
    """What the lint depends on beside the files: versions, which never change, and the city's posts."""
    row = QUERIES.row(connection, "state")
    posts = sorted(post.key for post in list_posts(connection))
    return sha256(orjson.dumps([row, posts])).hexdigest()


def read_diagrams(files: Mapping[str, bytes]) -> None:
    """Read what has been accepted, to be kept (`engine/keeping.py`): in the transaction it is at hand."""
    for name, content in files.items():
        if name.endswith(".bpmn"):
            read_model(content, file=name)


def digest_of(files: Mapping[str, bytes]) -> str:
    """Tells files, with their names, from others."""
    parts = [[name, sha256(files[name]).hexdigest()] for name in sorted(files)]
    return sha256(orjson.dumps(parts)).hexdigest()
