"""告知流程: the message that a stored record wants is handed to the engine in the record's transaction."""

from sqlalchemy import Connection

from api.house import House
from engine.people.persons import Person
from engine.runtime.events.messages import NewMessage
from processes.cycle.running import engine_cycle
from processes.planning.assigning import MessageToPublish


def publish(house: House, connection: Connection, person: Person, message: MessageToPublish) -> None:
    """Publish a record's message, with what diagrams read of its cycle, in the name of `person`."""
    cycle = engine_cycle(connection, message.cycle_id)
    house.engine.publish(
        connection,
        NewMessage(
            cycle_id=message.cycle_id,
            name=message.name,
            correlation_key=message.key,
            message_id=message.message_id,
            variables=message.variables,
            surroundings=cycle.variables(),
            sender=person.name,
        ),
    )
