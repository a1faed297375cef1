"""Services that are said to read only are held to it: on SQLite whatever they write is an error."""

from collections.abc import Mapping

from engine.store import dialect_of
from engine.work.bindings import Service, ServiceCall, Value, lasts, reads_only


def held_to_reading(services: Mapping[str, Service]) -> dict[str, Service]:
    """The same services; those marked `reads_only` cannot write."""
    return {name: service if lasts(service) else _held(service) for name, service in services.items()}


def _held(service: Service) -> Service:
    @reads_only
    def read(call: ServiceCall) -> dict[str, Value] | None:
        if dialect_of(call.connection) != "sqlite":
            return service(call)
        call.connection.exec_driver_sql("pragma query_only = on")
        try:
            return service(call)
        finally:
            call.connection.exec_driver_sql("pragma query_only = off")

    return read
