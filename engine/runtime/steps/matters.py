"""事由: what an instance or a task is about besides its unit, so that two of one unit can be told apart."""

MATTER = "bihuan:title"
"""FEEL on a process or a user task, evaluated once, when the instance or the work item is made."""
LONGEST = 200


def matter_of(value: object) -> str:
    """The text that rows keep: one line, at most `LONGEST` characters; '' for null."""
    said = "" if value is None else " ".join(str(value).split())
    return said if len(said) <= LONGEST else said[: LONGEST - 1] + "…"
