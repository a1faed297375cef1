"""Variables against the chain: each step's entry holds the digests of what it stored, so the last one of each
variable says what its value must be.

What was told may be erased, and the digests with it: of what was stored until then nothing can be said.
"""

from collections.abc import Iterator

import orjson

from engine.audit.covering import ERASED
from engine.runtime.checks.faults import Fault
from engine.runtime.checks.kept import Kept
from engine.runtime.replaying.recording import digest_of_value

Place = tuple[str, str]


def value_faults(kept: Kept) -> Iterator[Fault]:
    """Variables that are not what a step stored, that no step stored, or that are gone."""
    digests, whole = _digests(kept)
    for row in kept.parts["variables"]:
        expected = digests.pop((row["scope_id"], row["name"]), None)
        if expected is None:
            if whole:
                yield _fault(kept, (row["scope_id"], row["name"]), "不是任何一步写下的")
        elif digest_of_value(row["value_text"]) != expected:
            yield _fault(kept, (row["scope_id"], row["name"]), "的值被改动")
    for place in digests:
        yield _fault(kept, place, "没有了")


def _digests(kept: Kept) -> tuple[dict[Place, str], bool]:
    """The digest of each variable that must be there, and whether these are all."""
    found: dict[Place, str] = {}
    whole = True
    for entry in kept.parts["entries"]:
        told = entry["told_text"]
        if not told:
            continue
        if told.startswith(ERASED):
            found, whole = {}, False
            continue
        for scope, name, digest in orjson.loads(told).get("d", ()):
            if digest is None:
                found.pop((scope, name), None)
            else:
                found[scope, name] = digest
    return found, whole


def _fault(kept: Kept, place: Place, what: str) -> Fault:
    scope, name = place
    where = f"variable.name={name}" + (f"、scope_id={scope}" if scope else "")
    return kept.fault("values", where, f"变量“{name}”{what}")
