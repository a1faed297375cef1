"""What planning leaves open when it is over: nothing of its own; every unit breaks its targets down."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

Ask = Callable[[str], Sequence[Mapping[str, Any]]]
NEXT = "select id from instance where process_key in ('target_decomposition', 'unit_decomposition')"
"""What planning starts when targets are issued, or get a later version."""
OWN = f"select id from instance where root_id not in ({NEXT})"
BY_INSTANCE = f"(instance_id is null or instance_id in ({OWN}))"
BY_ITEM = f"item_id not in (select id from work_item where root_id in ({NEXT}))"
TABLES = {
    **dict.fromkeys(("incident", "work_item", "job", "timer", "subscription"), BY_INSTANCE),
    **dict.fromkeys(("reminder", "draft"), BY_ITEM),
}


def left_open(ask: Ask) -> dict[str, int]:
    """How many rows of planning itself are still open, by table; {} when it is over."""
    found = {name: len(ask(f"select 1 as one from {name} where {mine}")) for name, mine in TABLES.items()}
    running = ask(f"select id from instance where status = 'running' and root_id not in ({NEXT})")
    return {name: count for name, count in (found | {"instance": len(running)}).items() if count}


def asked_to_break_down(ask: Ask) -> list[str]:
    """The codes of the units whose liaison has been asked to break the issued targets down, in order."""
    rows = ask(
        "select distinct u.code from work_item w join unit u on u.id = w.subject_unit_id "
        "where w.element_id = 'break_down' order by u.code"
    )
    return [str(row["code"]) for row in rows]
