"""What `simulate` refuses, in one sentence and with nothing made."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from api.commands.failures import Failure
from api.commands.simulate import simulate
from engine.clock import VirtualClock
from engine.people.units import ASSESSOR, UnitSpec, add_unit
from engine.store import Database
from processes.cycle.profile import load_profile
from processes.simulation.chance import Chance
from processes.simulation.characters import cast
from processes.simulation.city import Body, CityRefused, begins, found_city
from processes.simulation.story import said_of


def test_an_unknown_profile_is_wrong_usage() -> None:
    with pytest.raises(Failure) as refused:
        simulate(profile="atlantis", units=5, year=2009)
    assert (refused.value.status, refused.value.code) == (2, "profile")
    assert str(refused.value) == "没有方案“atlantis”。"
    assert "zhangjiajie_2009" in refused.value.hint


def test_a_database_address_that_is_none_is_wrong_usage() -> None:
    with pytest.raises(Failure, match="--database 不是可用的数据库地址。") as refused:
        simulate(profile="zhangjiajie_2009", units=5, year=2009, database="mysql://x/y")
    assert refused.value.status == 2


def test_no_year_is_worked_for_a_report_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    database = f"sqlite:///{tmp_path / 'city.db'}"
    with pytest.raises(Failure, match="不能建立报告的文件夹") as refused:
        simulate(
            profile="zhangjiajie_2009", units=5, year=2009, database=database, report=tmp_path / "file" / "x"
        )
    assert (refused.value.status, refused.value.code) == (2, "report")
    assert not (tmp_path / "city.db").exists()


@pytest.mark.parametrize(
    ("components", "said"),
    [({"targets", "social"}, ""), ({"indicators", "veto"}, "发生一票否决事项")],
)
def test_there_is_no_tale_of_a_veto_where_the_profile_has_none(components: set[str], said: str) -> None:
    codes = [f"U{number}" for number in range(6)]
    [body] = [
        Body(code, code, code, assessed=True, character=character)
        for code, character in cast(codes, Chance(1)).items()
        if character.role == "vetoed"
    ]
    assert said_of(body, components) == said


def test_a_year_that_the_profile_does_not_speak_of_is_refused(database: Database) -> None:
    with database.write() as connection, pytest.raises(CityRefused) as refused:
        found_city(
            connection,
            load_profile("zhangjiajie_2009"),
            units=5,
            year=2018,
            chance=Chance(1),
            password_hash="",
        )
    assert str(refused.value) == "方案“张家界市2009年政府绩效评估”没有 2018 年度，它有的是 2009。"


def test_a_city_that_is_there_is_left_alone(database: Database) -> None:
    with database.write() as connection:
        add_unit(connection, UnitSpec(code="C", name="某市", kind=ASSESSOR))
    url = database.url.render_as_string(hide_password=False)
    with pytest.raises(Failure, match="已经有单位") as refused:
        simulate(profile="zhangjiajie_2009", units=5, year=2009, database=url)
    assert (refused.value.status, "不写入已有的城市" in refused.value.hint) == (2, True)
    with database.read() as connection:
        assert connection.execute(text("select count(*) from definition")).scalar() == 0
        assert connection.execute(text("select count(*) from unit")).scalar() == 1


def test_hangzhou_has_no_more_units_than_its_plan_names(database: Database) -> None:
    with database.write() as connection, pytest.raises(CityRefused, match="58 个，没有 59 个"):
        found_city(
            connection,
            load_profile("hangzhou_13fyp"),
            units=59,
            year=2018,
            chance=Chance(1),
            password_hash="",
        )


def test_a_year_begins_on_a_morning_of_the_city() -> None:
    assert VirtualClock(begins(2009)).now() == datetime(2009, 1, 4, 1, 0, tzinfo=UTC)
