"""A world on each database, on the queue that an installation uses there."""

import pytest

from engine.jobs.postgresql import ProcrastinateQueue
from engine.jobs.queue import EmbeddedQueue, Queue
from engine.store import Database
from tests.engine.runtime.conftest import database_url as database_url


@pytest.fixture
def queue_of_home(database: Database) -> Queue:
    """The queue that goes with the database."""
    return EmbeddedQueue() if database.dialect == "sqlite" else ProcrastinateQueue()
