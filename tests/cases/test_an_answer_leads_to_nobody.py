"""After a survey nothing leads from an answer to a code or a person: not in the file, nor in the logs."""

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import text

from processes.evaluation.ballots.proofs import claim_of, digest_of, key_of, plain_code
from tests.evaluation.survey.city import SurveyCity
from tests.evaluation.survey.desk import Site, site

UNIT = "市旅委"
WORDS = "希望景区公示牌更清楚"
COUNTS = (6, 5, 3, 2, 1)


def walk_through(city: SurveyCity, desk: Site) -> dict[str, tuple[str, str]]:
    """A whole survey through the application: code → (sheet's secret, ballot key while the box was open)."""
    city.begin_survey([UNIT])
    city.plan_survey([("市民代表", 100, sum(COUNTS) + 1)])
    staff = desk.log_in("survey.staff")
    made = desk.client.post(
        f"/api/v1/surveys/{city.survey_id}/codes", json={"layer": 1, "many": sum(COUNTS)}, headers=staff
    )
    assert made.status_code == 201, made.text
    city.open_survey()
    marks = [str(level) for level, many in enumerate(COUNTS, 1) for _ in range(many)]
    salt = city.scalar("select salt from ballot_box where id = :id", id=city.box_id)
    seen = {}
    for code, mark in zip(made.json()["codes"], marks, strict=True):
        sheet = desk.open_sheet(code)["sheet"]
        answer = desk.send(code, sheet, {UNIT: mark}, *([WORDS] if mark == "5" else []))
        assert answer.status_code == 204, answer.text
        digest = digest_of(plain_code(code), salt=salt)
        seen[code] = (sheet, key_of(sheet, digest=digest, about=city.demo.units[UNIT]))
    return seen


def needles(city: SurveyCity, seen: dict[str, tuple[str, str]]) -> set[str]:
    """Whatever would tie an answer to a code: codes, sheets' secrets, claims, the keys of the open box."""
    salt = city.scalar("select salt from ballot_box where id = :id", id=city.box_id)
    found: set[str] = set()
    for code, (sheet, key) in seen.items():
        digest = digest_of(plain_code(code), salt=salt)
        found |= {code, plain_code(code), sheet, key, claim_of(sheet, digest=digest)}
    return found


def test_the_open_box_is_where_the_keys_of_the_sheets_are(sqlite_city: SurveyCity, tmp_path: Path) -> None:
    """So that the searches below look for the right thing: before the closing they would find it."""
    with site(sqlite_city, tmp_path) as desk:
        seen = walk_through(sqlite_city, desk)
    stored = {row["key"] for row in sqlite_city.rows("select key from ballot")}
    assert stored == {key for _, key in seen.values()}
    assert all(row["claim"] for row in sqlite_city.rows("select claim from spent_code"))


def test_the_file_its_log_and_the_logs_hold_no_way_from_an_answer_to_a_code(
    sqlite_city: SurveyCity, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    city = sqlite_city
    with site(city, tmp_path / "data") as desk:
        seen = walk_through(city, desk)
        city.close_survey()
    assert city.scalar("select scrubbed from ballot_box where id = :id", id=city.box_id) == 1
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert Path(str(city.engine.database.url.database)) in files, "the database with whatever lies beside it"
    whole = b"".join(path.read_bytes() for path in files)
    assert WORDS.encode() in whole, "the search reads the right bytes"
    assert city.box_id.encode() in whole
    assert [needle for needle in needles(city, seen) if needle.encode() in whole] == []
    said = capfd.readouterr()
    logs = said.out + said.err
    assert "/api/v1/public/survey/answers" in logs, "requests are logged"
    assert [needle for needle in needles(city, seen) if needle in logs] == []
    assert WORDS not in logs
    assert city.demo.units[UNIT] not in logs


def test_nothing_of_the_order_is_left_in_the_file(sqlite_city: SurveyCity, tmp_path: Path) -> None:
    city = sqlite_city
    before = city.scalar("pragma schema_version")
    with site(city, tmp_path / "data") as desk:
        walk_through(city, desk)
        assert city.scalar("pragma schema_version") == before
        city.close_survey()
    assert city.scalar("pragma schema_version") > before, "the whole file was written anew (VACUUM)"
    with sqlite3.connect(str(city.engine.database.url.database)) as raw:
        assert raw.execute("pragma freelist_count").fetchone() == (0,)
        for table in ("ballot", "spent_code", "issued_code", "survey_opinion"):
            [(made,)] = raw.execute("select sql from sqlite_master where name = ?", (table,)).fetchall()
            assert "WITHOUT ROWID" in made.upper()
            assert not [name for name in made.split() if name.endswith("_at")]


def test_no_table_holds_a_way_from_an_answer_to_a_code(city: SurveyCity, tmp_path: Path) -> None:
    """Every cell of every table, on both homes; on PostgreSQL also what a row says of its transaction."""
    with site(city, tmp_path / "data") as desk:
        seen = walk_through(city, desk)
        city.close_survey()
    cells = set(all_cells(city))
    assert any(WORDS in cell for cell in cells)
    told = needles(city, seen)
    assert [cell for cell in cells for needle in told if needle in cell] == []
    assert {row["claim"] for row in city.rows("select claim from spent_code")} == {""}
    if city.engine.database.dialect == "postgresql":
        for table in ("ballot", "spent_code", "issued_code", "survey_opinion"):
            assert city.scalar(f"select count(distinct cast(xmin as text)) from {table}") == 1
            assert city.scalar(f"select count(*) from pg_stat_user_tables where relname = '{table}'") == 1
    marks = city.rows("select mark, count(*) as many from ballot group by mark order by mark")
    assert [row["many"] for row in marks] == list(COUNTS)


def all_cells(city: SurveyCity) -> list[str]:
    """Every cell of the database as text."""
    dialect = city.engine.database.dialect
    names = (
        "select name from sqlite_master where type = 'table' and name not like 'sqlite_%'"
        if dialect == "sqlite"
        else "select tablename as name from pg_tables where schemaname = 'public'"
    )
    found = []
    with city.engine.database.read() as connection:
        for table in connection.execute(text(names)).scalars().all():
            for row in connection.execute(text(f'select * from "{table}"')):
                found += [bytes(cell).decode("utf-8", "replace") if isinstance(cell, (bytes, memoryview))
                          else str(cell) for cell in row]  # fmt: skip
    return found


def test_process_data_history_and_audit_hold_no_answer(city: SurveyCity, tmp_path: Path) -> None:
    with site(city, tmp_path / "data") as desk:
        walk_through(city, desk)
        before = {
            table: city.scalar(f"select count(*) from {table}")
            for table in ("variable", "work_event", "work_text", "draft", "audit_entry")
        }
        code = city.codes(1, 1)[0]
        assert desk.send(code, desk.open_sheet(code)["sheet"], {UNIT: "1"}).status_code == 204
    after = {table: city.scalar(f"select count(*) from {table}") for table in before}
    assert after == before
