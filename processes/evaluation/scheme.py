"""A profile as the decisions see it: the input `scheme` of every decision of the assessment."""

from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any, cast

import orjson

from engine.feel import Value
from processes.cycle.reading import MOST_SCHEMES, StoredContent
from processes.cycle.scoring_section import OPTIONAL, plain_values

Scheme = dict[str, Value]


def scheme_of(content: Mapping[str, Any], *, scale: Decimal | None = None) -> Scheme:
    """The input `scheme`: `{key, weights: {part: number}, total: {scale, …}, grades: {…}, …}`.

    `content` is a checked profile's content, or that of a stored version. What a scheme does not have (a cap,
    a quota, zones) is null, so that a table can ask for it. `scale` replaces the profile's. That of a stored
    version is worked out once and shared: nobody may change it.
    """
    if isinstance(content, StoredContent) and scale is None:
        return _of_stored(content.text)
    return _worked_out(content, scale)


@lru_cache(maxsize=MOST_SCHEMES)
def _of_stored(text: str) -> Scheme:
    return _worked_out(orjson.loads(text), None)


def _worked_out(content: Mapping[str, Any], scale: Decimal | None) -> Scheme:
    values = plain_values(content["scoring"])
    for group, kinds in OPTIONAL.items():
        values[group] = {**dict.fromkeys(kinds), **values.get(group, {})}
    scheme: dict[str, Any] = {"key": content["key"], **values}
    scheme["weights"] = {name: part["weight"] for name, part in content["composition"].items()}
    exact = cast(Scheme, _exact(scheme))
    if scale is not None:
        cast(dict[str, Value], exact["total"])["scale"] = scale
    return exact


def _exact(value: Any) -> Any:
    """The same value with decimal numbers, as they stand in the file."""
    if isinstance(value, dict):
        return {str(key): _exact(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_exact(one) for one in value]
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return Decimal(str(value))
    return value
