"""Functions on contexts, and the choice between values."""

from __future__ import annotations

from engine.feel.builtins.registry import builtin
from engine.feel.functions import BadCall
from engine.feel.scope import Run
from engine.feel.values import Value

Context = dict[str, Value]


@builtin("get value", "m: context, key: string")
def get_value(run: Run, context: Context, key: str) -> Value:
    """The value of a key; null when there is none."""
    return context.get(key)


@builtin("get value", "context: context, keys: list")
def get_value_deep(run: Run, context: Context, keys: list[Value]) -> Value:
    """The value at the end of a way of keys (an extension, as in Camunda 8)."""
    value: Value = context
    for key in keys:
        if not isinstance(value, dict) or not isinstance(key, str):
            return None
        value = value.get(key)
    return value


@builtin("get entries", "m: context")
def get_entries(run: Run, context: Context) -> Value:
    """A list of `{key, value}`."""
    run.charge(len(context))
    return [{"key": key, "value": value} for key, value in context.items()]


@builtin("context", "entries: list")
def context_of(run: Run, entries: list[Value]) -> Value:
    """The context of a list of `{key, value}`; no key may come twice."""
    made: Context = {}
    for entry in entries:
        key = entry.get("key") if isinstance(entry, dict) else None
        if not isinstance(entry, dict) or not isinstance(key, str) or "value" not in entry:
            raise BadCall("每一项应当是含有 key 与 value 的上下文")
        if key in made:
            raise BadCall(f"键“{key}”重复")
        made[key] = entry["value"]
    return made


@builtin("context put", "context: context, key: string, value: any")
def context_put(run: Run, context: Context, key: str, value: Value) -> Value:
    """A new context with one entry more or changed."""
    run.charge(len(context))
    return {**context, key: value}


@builtin("context put", "context: context, keys: list, value: any")
def context_put_deep(run: Run, context: Context, keys: list[Value], value: Value) -> Value:
    """The same at the end of a way of keys."""
    if not keys:
        raise BadCall("需要键")
    key, rest = keys[0], keys[1:]
    if not isinstance(key, str):
        raise BadCall("键应当是文本")
    run.charge(len(context) + len(keys))
    if not rest:
        return {**context, key: value}
    inner = context.get(key, {})
    if not isinstance(inner, dict):
        raise BadCall(f"“{key}”不是上下文")
    return {**context, key: context_put_deep(run, inner, rest, value)}


@builtin("context merge", "contexts: list")
def context_merge(run: Run, contexts: list[Value]) -> Value:
    """All entries of all contexts; later ones win."""
    made: Context = {}
    for context in contexts:
        if not isinstance(context, dict):
            raise BadCall("需要上下文列表")
        run.charge(len(context))
        made.update(context)
    return made


@builtin("get or else", "value: any, default: any")
def get_or_else(run: Run, value: Value, default: Value) -> Value:
    """The value, or the default when it is null (an extension, as in Camunda 8)."""
    return default if value is None else value


@builtin("is defined", "value: any")
def is_defined(run: Run, value: Value) -> Value:
    """Whether the value is not null (an extension, as in Camunda 8)."""
    return value is not None
