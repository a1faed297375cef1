"""Processes, findings and deployments as REST calls send and receive them."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class Process(BaseModel):
    """A deployed process, by its newest version."""

    key: str
    name: str
    version: int
    file: str
    deployed_at: datetime


class VersionLine(BaseModel):
    """One version in the list; `running`: how many instances run on it."""

    id: str
    version: int
    file: str
    digest: str
    deployed_at: datetime
    note: str
    running: int


class ProcessVersion(BaseModel):
    """One version with its diagram (BPMN 2.0 XML)."""

    id: str
    key: str
    name: str
    version: int
    file: str
    digest: str
    xml: str


class Files(BaseModel):
    """Diagrams, decisions and forms by file name, as text."""

    files: dict[str, str]
    note: str = Field(default="", max_length=200)
    based_on: dict[str, int] = {}
    """Process keys and the version of each that was changed here; without it nothing is asked."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "files": {"planning.bpmn": "<?xml version=…"},
                "note": "改期限",
                "based_on": {"planning": 3},
            }
        }
    )


class Lint(BaseModel):
    """Files to check. `level` as of `bihuan lint --level`."""

    files: dict[str, str]
    level: Literal["bpmn", "dialect"] = "dialect"

    model_config = ConfigDict(
        json_schema_extra={"example": {"files": {"planning.bpmn": "<?xml version=…"}, "level": "dialect"}}
    )


class Finding(BaseModel):
    """One located complaint of the lint."""

    file: str
    line: int
    element: str
    rule: str
    severity: Literal["error", "warning"]
    message: str
    hint: str
    path: list[str] = []
    """Ids on the way to the fault, where the rule knows one (`deadlock`)."""


class Findings(BaseModel):
    """What the lint found; an empty list when there is nothing to say."""

    findings: list[Finding]


class DeployedVersion(BaseModel):
    """What became of one key."""

    kind: Literal["process", "decision", "form", "model"]
    key: str
    version: int
    new: bool


class Deployed(BaseModel):
    """An accepted deployment with the warnings that did not stop it."""

    deployment_id: str
    versions: list[DeployedVersion]
    findings: list[Finding]
