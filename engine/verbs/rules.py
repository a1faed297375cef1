"""What the diagram says about a user task: outcomes, verbs, opinions."""

from engine.bpmn.model import Element
from engine.bpmn.outcomes import Outcome, outcomes_of
from engine.bpmn.votes import verbs_of
from engine.runtime.steps.step import Step


def outcomes(element: Element) -> list[Outcome]:
    """`bihuan:outcomes`, in order; one 提交 without it."""
    return outcomes_of(element.properties)


def extra_verbs(element: Element) -> list[str]:
    """`bihuan:verbs`: what is offered besides the basic verbs."""
    return verbs_of(element.properties)


def drawn(element: Element, verb: str) -> bool:
    """Whether the diagram gives `verb` to this step (`bihuan:verbs`)."""
    return verb in extra_verbs(element)


def usual_return(element: Element) -> str:
    """`bihuan:returnTo`: the step that a return from here usually means; "" when nothing is said."""
    return element.properties.get("bihuan:returnTo", "").strip()


def registers_for(element: Element) -> str | None:
    """The body that a 代录 step speaks for, or None for an ordinary step."""
    if "register_for" not in extra_verbs(element):
        return None
    return element.properties.get("bihuan:registers") or (element.lane.name if element.lane else element.name)


def opinion_required(element: Element, outcome: str) -> bool:
    """Whether `outcome` needs words of the person."""
    for part in element.properties.get("bihuan:opinion", "optional").split(";"):
        rule, _, only = part.strip().partition(":")
        if rule == "required" and (not only or outcome in [key.strip() for key in only.split("|")]):
            return True
    return False


def opinion_offered(element: Element) -> bool:
    """Whether the step has a place for an opinion at all."""
    return element.properties.get("bihuan:opinion", "optional").strip() != "none"


def withdrawable(step: Step) -> bool:
    """`bihuan:withdraw` of the process: `yes`, or FEEL over the instance's variables, lets its initiator
    withdraw it; without it nobody may."""
    said = step.version.drawn.properties.get("bihuan:withdraw", "").strip()
    if not said.startswith("="):
        return said == "yes"
    return step.execution.evaluate(None, said) is True


def signature_offered(element: Element) -> bool:
    """Whether the step has a place for a signature (手写签名, `bihuan:signature`)."""
    rule = element.properties.get("bihuan:signature", "none").partition(":")[0].strip()
    return rule in ("optional", "required")


def signature_required(element: Element, outcome: str) -> bool:
    """Whether `outcome` has to be signed by hand."""
    rule, _, only = element.properties.get("bihuan:signature", "none").partition(":")
    keys = [key.strip() for key in only.split(",") if key.strip()]
    return rule.strip() == "required" and (not keys or outcome in keys)
