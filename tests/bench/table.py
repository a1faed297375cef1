"""The rows of one run as a table: what each engine needs for a step, and how many times as much as we do."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

STEPS = ("start", "complete_a", "complete_b")
Row = Mapping[str, Any]


def best_of(rows: Iterable[Row]) -> list[Row]:
    """Rows of the same engine and home in several rounds as one: of each step the round with least CPU."""
    found: dict[tuple[str, ...], dict[str, Any]] = {}
    for row in rows:
        kept = found.setdefault(name_of(row), dict(row))
        for step in (*STEPS, "inbox"):
            if step in row and row[step]["cpu_ms_each"] < kept[step]["cpu_ms_each"]:
                kept[step] = row[step]
            if step in row:
                fastest = max(row[step]["per_s"], kept[step]["per_s"])
                kept[step] = {**kept[step], "per_s": fastest}
    return list(found.values())


def name_of(row: Row) -> tuple[str, ...]:
    """What tells one engine on one home from another."""
    home = str(row.get("db", "sqlite"))
    kind = str(row.get("layer", "")), str(row.get("store", ""))
    return (str(row["peer"]), *kind, "postgresql" if home == "postgres" else home)


def table(rows: Sequence[Row], left_out: Mapping[str, str] | None = None) -> str:
    """Markdown: for each step the CPU of one and how many a second; in brackets ours beside the peer's.

    In brackets more than 1 means that we are faster: peer's CPU over ours, our rate over the peer's.
    Who could not be measured stands below with the reason (`left_out`: by what was tried).
    """
    ours = {name_of(row)[3]: row for row in rows if row["peer"] == "bihuan"}
    head = ["engine", "home", *(f"{step}: CPU ms, per s" for step in STEPS), "inbox ms", "MB"]
    lines = [_line(head), _line(["---"] * len(head))]
    for row in rows:
        peer, layer, store, home = name_of(row)
        name = f"{peer} ({', '.join(word for word in (layer, store) if word)})"
        cells = [_cell(row, step, ours.get(home)) for step in STEPS]
        inbox = f"{row['inbox']['p50_ms']:.2f}" if "inbox" in row else "–"
        lines.append(_line([name, home, *cells, inbox, f"{row.get('max_rss_mb', 0):.0f}"]))
    if left_out:
        lines += ["", _line(["not measured", "why"]), _line(["---"] * 2)]
        lines += [_line([_in_a_cell(tried), _in_a_cell(why)]) for tried, why in left_out.items()]
    return "\n".join(lines) + "\n"


def _cell(row: Row, step: str, ours: Row | None) -> str:
    if step not in row:
        return "–"
    cost, rate = row[step].get("cpu_ms_each", 0.0), row[step]["per_s"]
    if ours is None or ours is row:
        return f"{cost:.2f}, {rate:.0f}"
    mine = ours[step]
    return f"{cost:.2f} ({cost / mine['cpu_ms_each']:.2f}), {rate:.0f} ({mine['per_s'] / rate:.2f})"


def _in_a_cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _line(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cells) + " |"
