"""Two ways to ask the rules: the decision files themselves, and the command line. Both must agree."""

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Protocol

import orjson
from typer.testing import CliRunner

from api.commands.line import line_for
from engine.feel.codec import dumps, loads, to_json
from processes.cycle.profile import Content, load_profile
from processes.evaluation.answer import scored_json
from processes.evaluation.inputs import read_given
from processes.evaluation.rulebook import NoAnswer, Rulebook, bundled
from processes.evaluation.scheme import Scheme, scheme_of
from processes.evaluation.scoring import score
from tests.processes.city import ROOT

FILES = {path: path.read_bytes() for path in sorted((ROOT / "processes").rglob("*.dmn"))}


@cache
def content_of(profile: str) -> Content:
    """A profile that ships with the product, read once."""
    return load_profile(profile).content


def scheme(profile: str, **changes: Mapping[str, Any]) -> Scheme:
    """A profile's parameters; `changes` are `group={name: value}`."""
    made: dict[str, Any] = scheme_of(content_of(profile))
    for group, values in changes.items():
        made[group] = {**made[group], **values}
    return made


class Ask(Protocol):
    """A way to ask. Answers are as JSON: decimals are text."""

    def decide(self, decision: str, inputs: Mapping[str, Any]) -> Any: ...

    def score(self, profile: str, document: Mapping[str, Any]) -> dict[str, Any]: ...


class Directly:
    """Through the decision files."""

    def decide(self, decision: str, inputs: Mapping[str, Any]) -> Any:
        try:
            value = rulebook().decide(decision, exact(inputs)).value
            assert loads(dumps(value)) == value, "an instance can keep it as a variable"
            return to_json(value)
        except NoAnswer as nothing:
            assert nothing.why == ()  # no rule fits: nothing found, as on the command line
            return None

    def score(self, profile: str, document: Mapping[str, Any]) -> dict[str, Any]:
        content = content_of(profile)
        given = read_given(exact(document), content)
        found = score(given.units, scheme=scheme_of(content, scale=given.scale), rulebook=bundled())
        return scored_json(found, explain=True)


class OnTheCommandLine:
    """Through `bihuan decide` and `bihuan score`, in this process."""

    def decide(self, decision: str, inputs: Mapping[str, Any]) -> Any:
        arguments = [str(file_of(decision)), decision, "--input", written(inputs), "--json"]
        return self._run("decide", arguments)["value"]

    def score(self, profile: str, document: Mapping[str, Any]) -> dict[str, Any]:
        return self._run("score", [profile, "--input", written(document), "--json", "--explain"])

    @staticmethod
    def _run(command: str, arguments: Sequence[str]) -> dict[str, Any]:
        result = CliRunner().invoke(line_for(command), [command, *arguments], catch_exceptions=False)
        assert result.exit_code == 0, result.output
        found: dict[str, Any] = orjson.loads(result.output)
        return found


@cache
def rulebook() -> Rulebook:
    """Every decision of the product."""
    return Rulebook({str(path): content for path, content in FILES.items()})


@cache
def file_of(decision: str) -> Path:
    marked = f'<decision id="{decision}"'.encode()
    [path] = [path for path, content in FILES.items() if marked in content]
    return path


def exact(value: Any) -> Any:
    """Numbers as the product reads them from JSON: exact decimals."""
    return json.loads(written(value), parse_float=Decimal, parse_int=Decimal)


def written(value: Any) -> str:
    """JSON with decimals as numbers."""
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, (Decimal, int, float)):
        return format(value, "f") if isinstance(value, Decimal) else repr(value)
    if isinstance(value, Mapping):
        return "{" + ",".join(f"{written(str(key))}:{written(one)}" for key, one in value.items()) + "}"
    return "[" + ",".join(written(one) for one in value) + "]"
