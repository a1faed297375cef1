"""说一说 reaches the diagrams: what was said, judged or commented is stored, and its message is published."""

from datetime import timedelta

from sqlalchemy import Connection

from engine.runtime.engine import Engine
from engine.runtime.events.messages import NewMessage
from processes.cycle.running import engine_cycle
from processes.rectification import saying
from processes.rectification.reading import terms_of

WAITS = timedelta(days=30)
"""How long a message waits for the diagram that it starts."""


def say_and_tell(engine: Engine, connection: Connection, cycle_id: str, said: saying.Said) -> saying.Taken:
    """Take an opinion from the open page; its process starts. Raises SayingRefused."""
    taken = saying.say(connection, cycle_id, said, at=engine.clock.now())
    cycle = engine_cycle(connection, cycle_id)
    engine.publish(
        connection,
        NewMessage(
            cycle_id=cycle_id,
            name="opinion.arrived",
            correlation_key=taken.id,
            message_id=taken.id,
            variables={"opinionId": taken.id},
            time_to_live=WAITS,
            surroundings=cycle.variables(),
        ),
    )
    return taken


def complain_and_tell(engine: Engine, connection: Connection, cycle_id: str, text: str) -> saying.Taken:
    """Take a complaint about the assessment itself: for supervision alone. Raises SayingRefused.

    The diagram runs without `assessor`, so that no right over the assessor's matters reaches it.
    """
    taken = saying.complain(connection, cycle_id, text, at=engine.clock.now())
    engine.publish(
        connection,
        NewMessage(
            cycle_id=cycle_id,
            name="complaint.arrived",
            correlation_key=taken.id,
            message_id=taken.id,
            variables={"complaintId": taken.id, "terms": terms_of(connection, cycle_id)},
            time_to_live=WAITS,
            surroundings={"cycle": engine_cycle(connection, cycle_id).variables()["cycle"]},
        ),
    )
    return taken


def judge_and_tell(
    engine: Engine, connection: Connection, code: str, *, solved: bool, text: str
) -> saying.Judged | None:
    """A verdict by who holds the code; the diagram hears when all is said. None for a wrong code.

    Raises SayingRefused.
    """
    judged = saying.judge(connection, code, solved=solved, text=text, at=engine.clock.now())
    if judged is not None and judged.solved is not None:
        engine.publish(
            connection,
            NewMessage(
                cycle_id=judged.cycle_id,
                name="opinion.rated",
                correlation_key=judged.issue_id,
                message_id=f"{judged.issue_id}/{judged.round}",
                variables={"solved": judged.solved},
            ),
        )
    return judged


def comment_and_tell(engine: Engine, connection: Connection, issue_id: str, text: str) -> str:
    """A comment on a promise; its id. Raises SayingRefused, LookupError."""
    comment_id, cycle_id = saying.comment(connection, issue_id, text, at=engine.clock.now())
    engine.publish(
        connection,
        NewMessage(
            cycle_id=cycle_id,
            name="promise.commented",
            correlation_key=issue_id,
            message_id=comment_id,
            variables={"commentId": comment_id},
            time_to_live=WAITS,
        ),
    )
    return comment_id
