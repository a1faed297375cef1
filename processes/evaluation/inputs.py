"""What is given to be scored: units with their components, checked against the scheme.

Every refusal is one sentence with the unit and the field.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from engine.feel import Value
from processes.cycle.profile import Content

MARKS = Decimal(100)
ONE = Decimal(1)
TARGET_FLAGS = ("challenge", "challenge_met", "key", "key_over")


class InputRefused(Exception):
    """The input cannot be scored: where and why, for a person."""

    def __init__(self, message: str, *, where: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.where = where


@dataclass(frozen=True)
class Unit:
    """A unit to be scored: its components by name, its targets where the scheme has them."""

    unit: str
    group: str
    marks: dict[str, Value]
    targets: list[dict[str, Value]] | None = None


@dataclass(frozen=True)
class Given:
    """All units of one scoring, and the scale if the input names one."""

    units: list[Unit]
    scale: Decimal | None


def read_given(document: Mapping[str, Any], content: Content) -> Given:
    """Units from `{"units": [{"unit", "group", …components}], "scale"?}`. Raises InputRefused."""
    for name in document:
        if name not in ("units", "scale", "profile"):
            raise InputRefused(f"不认识“{name}”；最外层是 units，也可以有 scale", where=name)
    if document.get("profile", content["key"]) != content["key"]:
        raise InputRefused(
            f"这份数据是给方案“{document['profile']}”的，不是“{content['key']}”", where="profile"
        )
    rows = document.get("units")
    if not isinstance(rows, list) or not rows:
        raise InputRefused("“units”应当是一列单位，至少一个", where="units")
    scales = {_scale(document["scale"], "scale")} if "scale" in document else set()
    units: list[Unit] = []
    for number, row in enumerate(rows, 1):
        if not isinstance(row, dict):
            raise InputRefused(f"第 {number} 个单位应当是 {{名称: 值}}", where=f"units[{number}]")
        if "scale" in row:
            scales.add(_scale(row["scale"], f"units[{number}].scale"))
        units.append(_Reader(row, number, content).unit())
    if scales and "marks" not in content["scoring"]:
        raise InputRefused("这个方案的量纲是固定的，不能写 scale", where="scale")
    if len(scales) > 1:
        raise InputRefused("一次计分只能用一个量纲，scale 写了几个不同的数", where="scale")
    _refuse_twice(units)
    return Given(units, scales.pop() if scales else None)


def _scale(value: object, where: str) -> Decimal:
    scale = _number(value)
    if scale is None or scale <= 0:
        raise InputRefused("“scale”应当是大于 0 的数", where=where)
    return scale


def _refuse_twice(units: list[Unit]) -> None:
    seen: set[str] = set()
    for unit in units:
        if unit.unit in seen:
            raise InputRefused(f"单位“{unit.unit}”出现了两次", where="units")
        seen.add(unit.unit)


class _Reader:
    """One unit's row, read by the scheme's fields."""

    def __init__(self, row: dict[str, Any], number: int, content: Content) -> None:
        self._row = row
        self._place = f"units[{number}]"
        name = row.get("unit")
        if not isinstance(name, str) or not name.strip():
            raise InputRefused(f"第 {number} 个单位没有名称：“unit”应当是文字", where=f"{self._place}.unit")
        self._name = name
        self._content = content
        self._scoring = content["scoring"]

    def unit(self) -> Unit:
        parts = self._content["composition"]
        extras = dict(self._extras())
        known = {"unit", "group", "scale", *parts, *extras}
        for field in self._row:
            if field not in known:
                listed = "、".join([*parts, *extras])
                raise self._refuse(field, f"没有“{field}”这个分项；这个方案的分项是 {listed}")
        group = self._row.get("group", "")
        if group is None or not isinstance(group, str):
            raise self._refuse("group", "“group”应当是文字")
        marks: dict[str, Value] = {}
        for part, spec in parts.items():
            if part != "targets":
                marks[part] = self._mark(part, str(spec["label"]))
        targets = self._targets() if "targets" in parts else None
        return Unit(self._name, group, marks | extras, targets)

    def _extras(self) -> Iterator[tuple[str, Value]]:
        """Plus and minus points, vetoes, innovation: as far as the scheme has them."""
        if "marks" in self._scoring:
            yield "plus", self._points("plus", "加分")
            yield "minus", self._points("minus", "减分")
        if "veto" in self._scoring:
            yield "veto", self._veto()
        if self._scoring["innovation"]["onTop"]["value"]:
            yield "innovation", self._points("innovation", "创新加分")

    def _mark(self, part: str, label: str) -> Decimal:
        best = Decimal(str(self._scoring["leaders"]["full"]["value"])) if part == "leaders" else MARKS
        if part not in self._row:
            raise self._refuse(part, f"缺少“{part}”（{label}）")
        return self._between(self._row[part], part, label, best)

    def _points(self, field: str, label: str) -> Decimal:
        value = _number(self._row.get(field, 0))
        if value is None or value < 0:
            raise self._refuse(field, f"“{field}”（{label}）应当是不小于 0 的数")
        return value

    def _veto(self) -> Value:
        value = self._row.get("veto", False)
        if isinstance(value, bool):
            return value
        if isinstance(value, list) and all(isinstance(one, str) and one for one in value):
            return list(value)
        raise self._refuse("veto", "“veto”（一票否决）应当是 true、false 或一列否决事项")

    def _targets(self) -> list[dict[str, Value]]:
        rows = self._row.get("targets")
        if not isinstance(rows, list) or not rows:
            raise self._refuse("targets", "“targets”（目标）应当是一列目标，至少一项")
        read = [self._target(row, number) for number, row in enumerate(rows, 1)]
        if not any(target["weight"] for target in read):
            raise self._refuse("targets", "各项目标的权重都是 0")
        return read

    def _target(self, row: object, number: int) -> dict[str, Value]:
        field = f"targets[{number}]"
        if not isinstance(row, dict):
            raise self._refuse(field, f"第 {number} 项目标应当是 {{名称: 值}}")
        fields = ("weight", "achievement", "measure", *TARGET_FLAGS)
        for name in row:
            if name not in fields:
                raise self._refuse(
                    f"{field}.{name}", f"第 {number} 项目标没有“{name}”；有的是 {'、'.join(fields)}"
                )
        weight = _number(row.get("weight"))
        if weight is None or weight < 0:
            raise self._refuse(f"{field}.weight", f"第 {number} 项目标的“weight”（权重）应当是不小于 0 的数")
        target: dict[str, Value] = {"weight": weight}
        for name, label in (("achievement", "实现程度"), ("measure", "绩效测度")):
            if name not in row:
                raise self._refuse(f"{field}.{name}", f"第 {number} 项目标缺少“{name}”（{label}）")
            target[name] = self._between(row[name], f"{field}.{name}", f"第 {number} 项目标的{label}", ONE)
        for name in TARGET_FLAGS:
            flag = row.get(name, False)
            if not isinstance(flag, bool):
                raise self._refuse(f"{field}.{name}", f"第 {number} 项目标的“{name}”应当是 true 或 false")
            target[name] = flag
        return target

    def _between(self, value: object, field: str, label: str, best: Decimal) -> Decimal:
        number = _number(value)
        if number is None or not 0 <= number <= best:
            raise self._refuse(field, f"“{field}”（{label}）应当是 0 至 {best} 的数")
        return number

    def _refuse(self, field: str, message: str) -> InputRefused:
        return InputRefused(f"单位“{self._name}”：{message}", where=f"{self._place}.{field}")


def _number(value: object) -> Decimal | None:
    """A JSON number, or text that spells one."""
    if isinstance(value, bool) or not isinstance(value, (int, str, Decimal)):
        return None
    try:
        number = Decimal(str(value).strip())
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number.adjusted()) < 16 else None
