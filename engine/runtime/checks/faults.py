"""What does not hold, said so that a person finds it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """One thing that does not hold. `check` names the rule for a program, `place` the row for a person.

    `instance_id` is None where no instance is concerned.
    """

    check: str
    place: str
    message: str
    instance_id: str | None = None
