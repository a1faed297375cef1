"""What a stage says of its services: 撤回 goes back over those that only read, and over no other."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from engine.store import dialect_of
from engine.work.bindings import ServiceCall, lasts, reads_only
from processes.bindings import bindings_parts

from .city import City
from .reading import held_to_reading

READING = {
    "assessment.open", "decomposition.open_unit", "decomposition.open_year", "feedback.prepare",
    "grading.gather", "innovation.collect", "monitoring.open_month",
}  # fmt: skip


def test_what_is_sealed_issued_or_published_lasts() -> None:
    services, _ = bindings_parts()
    assert {name for name, service in services.items() if not lasts(service)} == READING
    for name in ("grading.seal", "planning.issue", "monitoring.publish_bulletin", "innovation.award"):
        assert lasts(services[name])


def test_who_says_that_it_reads_and_writes_is_caught(city: City) -> None:
    """Every test of a process on SQLite holds the services to their word by this."""

    @reads_only
    def writes(call: ServiceCall) -> None:
        call.connection.execute(text("update cycle set year = year"))

    held = held_to_reading({"test.writes": writes})["test.writes"]
    assert not lasts(held)
    with city.engine.database.write() as connection:
        at = city.clock.now()
        call = ServiceCall(connection, at, at.date(), city.demo.cycles[2018], "1", "writes", 1, {})
        if dialect_of(connection) != "sqlite":
            assert held(call) is None
            return
        with pytest.raises(OperationalError, match="readonly"):
            held(call)
        connection.execute(text("update cycle set year = year"))
