"""Identifiers."""

import re

import uuid_utils

_SHAPE = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def is_id(text: str) -> bool:
    """Whether a text looks like one of `new_id`."""
    return _SHAPE.fullmatch(text) is not None


def new_id() -> str:
    """A UUIDv7 as 36 characters: unique, and sorted by the moment it was made."""
    return str(uuid_utils.uuid7())
