"""Fan-outs: what their counters say against the children that there are, and whether anybody goes on."""

from collections.abc import Iterator

import orjson

from engine.runtime.checks.faults import Fault
from engine.runtime.checks.kept import Kept
from engine.store import Row

NONE = {"made": 0, "ended": 0, "numbers": 0, "highest": None}


def fan_out_faults(kept: Kept) -> Iterator[Fault]:
    """Counters that are wrong, children that are doubled or missing, joins that nobody will make."""
    children = {row["id"]: row for row in kept.parts["children"]}
    queued: dict[str, set[str]] = {}
    for job in kept.parts["jobs"]:
        fan_out_id = orjson.loads(job["payload_text"]).get("fan_out_id")
        queued.setdefault(str(fan_out_id), set()).add(job["kind"])
    for row in kept.parts["fan_outs"]:
        found = children.get(row["id"]) or NONE
        jobs = queued.get(row["id"], set())
        for message in (*_wrong_counts(row, found), *_standing_still(row, found, jobs)):
            yield kept.fault("fan_outs", f"fan_out.id={row['id']}", f"“{row['element_id']}”{message}")


def _wrong_counts(row: Row, found: Row) -> Iterator[str]:
    made, numbers = int(found["made"]), int(found["numbers"])
    if made != row["made"]:
        yield f"记着建了 {row['made']} 个子流程，实有 {made} 个"
    elif made and (numbers != made or int(found["highest"]) != made - 1):
        yield "的子流程编号有重复或缺漏"
    if row["state"] == "open" and row["remaining"] != row["total"] - int(found["ended"]):
        left = row["total"] - int(found["ended"])
        yield f"记着还有 {row['remaining']} 个子流程未完，实为 {left} 个"


def _standing_still(row: Row, found: Row, jobs: set[str]) -> Iterator[str]:
    running = int(found["made"]) - int(found["ended"])
    if row["state"] == "decided":
        if "join" not in jobs:
            yield "已满足完成条件，却没有后台工作去汇合"
        return
    if row["state"] != "open":
        if running and row["state"] in ("cancelled", "joined") and "cancel_children" not in jobs:
            yield f"已不再等待，却还有 {running} 个子流程在办，没有后台工作去结束它们"
        return
    if row["remaining"] <= 0 and "join" not in jobs:
        yield "的子流程都已完成，却没有后台工作去汇合"
    waits_for_one = row["sequential"] and running
    if row["made"] < row["total"] and not waits_for_one and "spawn" not in jobs:
        yield f"还差 {row['total'] - row['made']} 个子流程，却没有后台工作去建立"
