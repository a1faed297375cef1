"""The people whom somebody names in a verb: active, of this assessor, each once."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Connection

from engine.people.memberships import postings_of
from engine.people.queries import QUERIES as PEOPLE
from engine.people.refusals import PeopleRefused
from engine.people.units import assessor_of
from engine.verbs.refusals import Invalid
from engine.work.bindings import FieldError

MOST = 50
"""So many people may be named at once."""


def people_named(
    connection: Connection, ids: Sequence[str], *, assessor_id: str | None, on: date
) -> dict[str, str]:
    """The names of the people with these ids, in that order. Raises `Invalid` where one is none of ours."""
    wanted = [one for one in dict.fromkeys(one.strip() for one in ids) if one]
    if not wanted:
        raise _invalid("required", "请选择人员。")
    if len(wanted) > MOST:
        raise _invalid("too_many", f"一次最多选择 {MOST} 人。")
    postings = postings_of(connection, wanted, on=on)
    found: dict[str, str] = {}
    for one in wanted:
        account = PEOPLE.row(connection, "account", id=one)
        units = [posting.unit_id for posting in postings.get(one, [])]
        if not account or not account["active"] or not _ours(connection, units, assessor_id):
            raise _invalid("unknown_person", "没有这位人员，或其不在本考评单位任职。")
        found[one] = account["name"]
    return found


def _ours(connection: Connection, units: list[str], assessor_id: str | None) -> bool:
    try:
        return any(assessor_id in (None, unit, assessor_of(connection, unit)) for unit in units)
    except PeopleRefused:
        return False


def _invalid(code: str, message: str) -> Invalid:
    return Invalid(message, errors=(FieldError("people", code, message),))
