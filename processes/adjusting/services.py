"""What programs do in changes: a case ends, an adjustment is applied."""

from engine.work.bindings import Service, ServiceCall, Value
from processes.adjusting.applying import apply_adjustment
from processes.adjusting.cases import add_act
from processes.planning.telling import tell


def close_case(call: ServiceCall) -> dict[str, Value]:
    """办结: the case ends in `state`, `because` of something; the posts that the diagram names are told.

    Inputs: `caseId`, `state`, `because`, and those of `tell`.
    """
    because = str(call.inputs.get("because") or "")
    add_act(call, str(call.inputs["caseId"]), str(call.inputs["state"]), text=because)
    tell(call)
    return {}


SERVICES: dict[str, Service] = {
    "adjusting.close": close_case,
    "adjusting.apply": apply_adjustment,
}
