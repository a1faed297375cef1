"""Identifiers."""

import uuid_utils


def new_id() -> str:
    """A UUIDv7 as 36 characters: unique, and sorted by the moment it was made."""
    return str(uuid_utils.uuid7())
