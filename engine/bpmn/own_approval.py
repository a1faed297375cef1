"""Nobody approves their own request, and nobody needs to approve twice in a row.

`bihuan:distinct` may name `initiator` beside earlier steps; a step that approves (`bihuan:vote` or
`bihuan:approves`) keeps the initiator away unless `bihuan:ownApproval` says `allowed`. With
`bihuan:sameApprover` = `once`, whoever has just approved the step before is not asked again.
"""

from collections.abc import Mapping

from engine.bpmn.outcomes import outcomes_of
from engine.bpmn.votes import steps_apart

INITIATOR = "initiator"


def keeps_initiator_away(properties: Mapping[str, str]) -> bool:
    """Whether whoever began the instance must not decide the step with these properties."""
    if INITIATOR in steps_apart(properties):
        return True
    approves = "bihuan:vote" in properties or "bihuan:approves" in properties
    return approves and properties.get("bihuan:ownApproval") != "allowed"


def approved_once(properties: Mapping[str, str]) -> bool:
    """Whether the approver of the step before is not asked again."""
    return properties.get("bihuan:sameApprover") == "once"


def approving(properties: Mapping[str, str]) -> tuple[str, ...]:
    """The outcomes that approve: those of `bihuan:approves`, else the first drawn."""
    named = [part.strip() for part in properties.get("bihuan:approves", "").split(",") if part.strip()]
    return tuple(named) or (outcomes_of(properties)[0].key,)
