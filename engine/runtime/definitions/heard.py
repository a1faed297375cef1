"""What deployed processes have to do with others: messages that they wait for, processes that they call."""

from collections.abc import Iterator

from sqlalchemy import Connection

from engine.bpmn.findings import Refused
from engine.bpmn.model import ProcessModel
from engine.bpmn.reader import read_model
from engine.runtime.definitions.versions import Definitions


def newest(connection: Connection, definitions: Definitions) -> Iterator[ProcessModel]:
    """The newest version of every process, as drawn; files are read once (`engine/keeping.py`)."""
    for row in definitions.listed(connection, "process"):
        version = definitions.version(connection, row["id"])
        try:
            yield read_model(version.content, file=version.file).processes[version.key]
        except Refused:  # deployed under older rules
            continue
