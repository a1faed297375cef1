"""`score`: the totals, ranks and grades of units under a city's scheme."""

from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated

import typer

from api.commands.arguments import read_bytes, read_json, to_text
from api.commands.failures import Failure
from api.commands.rules import AsJson
from processes.cycle.profile import Profile, ProfileRefused, bundled_profiles, load_profile, read_profile
from processes.evaluation.answer import scored_json
from processes.evaluation.inputs import Given, InputRefused, read_given
from processes.evaluation.rulebook import NoAnswer, bundled
from processes.evaluation.scheme import scheme_of
from processes.evaluation.scoring import Scored
from processes.evaluation.scoring import score as score_units


def score(
    profile: Annotated[str, typer.Argument(help="方案的名称或 .yaml 文件，例如 shenzhen_2010")],
    source: Annotated[str, typer.Option("--input", help="单位和分项：文件、JSON 文本、@文件 或 -")],
    as_json: AsJson = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="列出每个决策看到的输入、命中的规则和中间值。")
    ] = False,
    scale: Annotated[str, typer.Option(help="满分的量纲，代替方案中的")] = "",
) -> None:
    """按方案计分、排名、定等次。"""
    chosen = _profile(profile)
    given = _given(source, chosen)
    wanted = _scale(scale, chosen) if scale else given.scale
    try:
        scored = score_units(given.units, scheme=scheme_of(chosen.content, scale=wanted), rulebook=bundled())
    except NoAnswer as missing:
        raise Failure("decision", f"{missing}。", where=missing.decision) from None
    if as_json or explain:
        typer.echo(to_text(scored_json(scored, explain=explain)))
    else:
        _show(scored)


def _profile(name: str) -> Profile:
    """One that ships with the product, by name, or a city's own file."""
    try:
        if name in bundled_profiles():
            return load_profile(name)
        if name.endswith((".yaml", ".yml")):
            return read_profile(read_bytes(Path(name)), file=name)
    except ProfileRefused as refused:
        fault = refused.faults[0]
        raise Failure("profile", f"{fault.message}。", where=f"{fault.file}:{fault.line}") from None
    hint = f"有的是 {'、'.join(bundled_profiles())}，也可以是一个 .yaml 文件。"
    raise Failure("profile", f"没有方案“{name}”。", hint=hint, status=2)


def _given(source: str, profile: Profile) -> Given:
    text = source if source == "-" or source.lstrip()[:1] in ("{", "[", "@") else f"@{source}"
    try:
        return read_given(read_json(text, option="--input"), profile.content)
    except InputRefused as refused:
        raise Failure("input", f"{refused.message}。", where=refused.where) from None


def _scale(text: str, profile: Profile) -> Decimal:
    if "marks" not in profile.content["scoring"]:
        raise Failure("scale", f"方案“{profile.key}”的量纲是固定的，不能用 --scale。", status=2)
    try:
        scale = Decimal(text)
    except InvalidOperation:
        scale = Decimal(0)
    if not scale.is_finite() or scale <= 0:
        raise Failure("scale", f"--scale 应当是大于 0 的数，不能是“{text}”。", status=2)
    return scale


def _show(scored: Scored) -> None:
    """A line a unit: group, rank, unit, total, zone and grade."""
    for unit in sorted(scored.units, key=lambda one: (one.group, one.rank)):
        parts = [unit.group, str(unit.rank), unit.unit, str(unit.total), unit.zone or "", unit.grade]
        typer.echo("\t".join([*parts, "创新晋档"] if unit.promoted else parts))
