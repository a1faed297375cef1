"""Values that go in or out are copies: whoever changes a list that it was given changes only its own."""

from collections.abc import Mapping
from typing import Any

from engine.bpmn.later import Later, Variables, as_stored

Value = Any
_HOLDING = (list, dict, Later)
"""Kinds whose values may change, or hold one that may; FEEL's others never do."""


def copied(variables: Mapping[str, Value]) -> dict[str, Value]:
    """The same variables, lists and contexts inside them copied too; what is read later is copied then."""
    found = {
        name: _fresh(value) if type(value) in _HOLDING else value
        for name, value in as_stored(variables).items()
    }
    return Variables(found) if type(variables) is Variables else found


def _fresh(value: Value) -> Value:
    if type(value) is list:
        return [_fresh(item) if type(item) in _HOLDING else item for item in value]
    if type(value) is dict:
        return {name: _fresh(item) if type(item) in _HOLDING else item for name, item in value.items()}
    if type(value) is Later:
        return Later(lambda: _fresh(value.value()), reference=value.reference)
    return value
