"""What the benchmark of expressions evaluates: conditions, scores and totals as diagrams hold them.

Each has a twin in ZEN's language where that differs. The context is that of a task: all variables that are
visible there, of which an expression uses a few.
"""

from __future__ import annotations

CONTEXT: dict[str, object] = {
    "cycle": {"id": "c1", "year": 2018, "runMode": "formal", "profile": "2018-1"},
    "assessor": {"id": "hz", "name": "市考评办"},
    "unit": {"id": "u7", "name": "市发展和改革委员会", "code": "0107", "level": "市级"},
    "outcome": "approve",
    "round": 2,
    "score": 90,
    "grade": "优",
    "text": "关于下达年度绩效管理目标的通知",
    "E": 95.2,
    "L": 92,
    "P": 70.5,
    "V": 88,
    "target": 49,
    "actual": 52,
    "dir": "down",
    "counts": [120, 80, 40, 18, 12],
    "items": [
        {"w": 40, "real": 1, "meas": 0.9},
        {"w": 30, "real": 0.95, "meas": 0.8},
        {"w": 20, "real": 0.92, "meas": 0},
        {"w": 10, "real": 1, "meas": 1},
    ],
}

SAME = ""
"""ZEN writes it alike."""

CASES: list[tuple[str, str]] = [
    ('score >= 85 and grade != "差"', SAME),
    ('outcome = "approve"', 'outcome == "approve"'),
    ("not(round > 3)", "not (round > 3)"),
    ("score in [80..90]", SAME),
    ('grade in ("优", "良")', 'grade in ["优", "良"]'),
    ('unit.level = "市级" and outcome = "approve"', 'unit.level == "市级" and outcome == "approve"'),
    ("unit.name", SAME),
    (
        'if score >= 90 then "绿" else if score >= 80 then "蓝" else "黄"',
        'score >= 90 ? "绿" : score >= 80 ? "蓝" : "黄"',
    ),
    ("0.65 * E + 0.05 * L + 0.25 * P + 0.05 * V", SAME),
    (
        'min(1, if dir = "up" then actual / target else target / actual)',
        'min([1, dir == "up" ? actual / target : target / actual])',
    ),
    ("round half up(score * 0.45, 2)", "round(score * 0.45, 2)"),
    ('contains(text, "目标")', SAME),
    ("string length(text) > 5", "len(text) > 5"),
    ("sum(counts)", SAME),
    ("mean(counts)", "avg(counts)"),
    ("max(counts) - min(counts)", SAME),
    ("count(items[real < 1])", "len(filter(items, #.real < 1))"),
    ("sum(for i in items return i.w * i.real)", "sum(map(items, #.w * #.real))"),
    ("every i in items satisfies i.w > 0", "all(items, #.w > 0)"),
    ("some i in items satisfies i.meas = 0", "some(items, #.meas == 0)"),
]


def used_by(text: str) -> dict[str, object]:
    """The part of the context that an expression speaks of."""
    return {name: value for name, value in CONTEXT.items() if name in text}
