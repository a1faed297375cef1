"""Which tokens stand at an element, so that the same one can be found in another version."""

from engine.bpmn.execution import Execution


def tokens_at(execution: Execution, element: str) -> list[str]:
    """The keys of the tokens at `element`, oldest first; arrivals parked before a join are left out."""
    return [
        token.id
        for token in execution._tokens.each()
        if token.element.id == element and not token.parked and not token.task_spec.multiplies
    ]
