"""The bench finds peers in a folder, says why one cannot run, and sets figures beside ours."""

from pathlib import Path

import pytest

from tests.bench.peers import NotRun, made_ready, peers_in, rows_of, variants_of
from tests.bench.table import best_of, table

README = """
| script | peer | needs |
|---|---|---|
| bench_one.py `--db sqlite` | One | `pip install one-engine lxml` |
| bench_two.mjs | Two | `npm i two-engine`, a compiler |
"""


def _row(peer: str, cpu: float, rate: float, **more: object) -> dict[str, object]:
    step = {"n": 1, "per_s": rate, "p50_ms": 1.0, "p95_ms": 1.0, "cpu_ms_each": cpu}
    return {"peer": peer, "db": "sqlite", "start": step, "complete_a": step, "complete_b": step, **more}


def test_a_folder_says_which_peers_there_are_and_what_each_needs(tmp_path: Path) -> None:
    for name in ("bench_one.py", "bench_two.mjs", "bench_common.py", "bench_table.py", "other.py"):
        (tmp_path / name).write_text("", "utf-8")
    (tmp_path / "README.md").write_text(README, "utf-8")
    one, two = peers_in(tmp_path)
    assert (one.script.name, one.pip, one.npm) == ("bench_one.py", ("one-engine", "lxml"), ())
    assert (two.script.name, two.pip, two.npm) == ("bench_two.mjs", (), ("two-engine",))
    assert variants_of(one, count=5, open_items=0) == [["-n", "5", "--open", "0"]]
    assert variants_of(two, count=5, open_items=0) == [["5", "0"]]


def test_what_cannot_run_is_named_with_the_reason(tmp_path: Path) -> None:
    with pytest.raises(NotRun, match="there is no bench_"):
        peers_in(tmp_path)
    script = tmp_path / "bench_bad.py"
    script.write_text("raise SystemExit('the server is not there')", "utf-8")
    [peer] = peers_in(tmp_path)
    command = made_ready(peer, home=tmp_path, place=tmp_path)
    with pytest.raises(NotRun, match="the server is not there"):
        list(rows_of(command, tmp_path))
    beside = "raise SystemExit('FATAL:  no such database\\nLINE 1: select\\n        ^\\nHINT:  See the log.')"
    script.write_text(beside, "utf-8")
    with pytest.raises(NotRun, match=r"^FATAL:  no such database$"):
        list(rows_of(command, tmp_path))
    script.write_text("""print('{"peer": "Bad"}')""", "utf-8")
    assert list(rows_of(command, tmp_path)) == [{"peer": "Bad"}]


def test_the_table_sets_everybody_beside_us_by_the_best_round() -> None:
    rows = best_of([_row("bihuan", 2.0, 100), _row("bihuan", 1.0, 200), _row("Peer", 1.5, 100, store="blob")])
    assert len(rows) == 2
    shown = table(rows).splitlines()
    assert "| 1.00, 200 |" in shown[2]
    assert "Peer (blob)" in shown[3]
    assert "1.50 (1.50), 100 (2.00)" in shown[3]


def test_who_could_not_be_measured_stands_in_the_table_with_the_reason() -> None:
    """What was said while it ran is gone; the table is what is kept."""
    reason = 'FATAL:  database "there"\ndoes not | exist'
    shown = table([_row("bihuan", 1.0, 100)], {"bench_bad.py --db postgres": reason}).splitlines()
    assert shown[-1] == '| bench_bad.py --db postgres | FATAL: database "there" does not \\| exist |'
    assert "not measured" not in table([_row("bihuan", 1.0, 100)])
