"""Which messages somebody waits for, by the newest version of every process."""

from sqlalchemy import Connection

from engine.bpmn.findings import Refused
from engine.bpmn.reader import read_model
from engine.runtime.definitions import Definitions


def messages_awaited(connection: Connection, definitions: Definitions) -> frozenset[str]:
    """Names of messages that a process starts with or catches; files are read once (`engine/keeping.py`)."""
    found: set[str] = set()
    for row in definitions.listed(connection, "process"):
        version = definitions.version(connection, row["id"])
        try:
            model = read_model(version.content, file=version.file)
        except Refused:  # deployed under older rules
            continue
        found |= model.processes[version.key].awaited
    return frozenset(found)
