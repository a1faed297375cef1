"""Help, wrong calls, wrong settings: one sentence and status 2, never a traceback."""

import socket

import pytest

from tests.commands.line import Line

COMMANDS = (
    "demo",
    "init",
    "migrate",
    "serve",
    "worker",
    "reset-password",
    "deploy",
    "lint",
    "feel",
    "decide",
)


def test_help_names_every_command(line: Line) -> None:
    said = line.run("--help")
    assert said.status == 0
    assert [command for command in COMMANDS if f" {command} " not in said.out] == []
    assert "按流程图运行的政府绩效考评" in said.out


def test_without_a_command_the_help_is_shown_and_the_status_says_wrong_usage(line: Line) -> None:
    said = line.run()
    assert said.status == 2
    assert "decide" in said.out


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["prepare"], "没有命令 prepare。 用法见 bihuan --help。"),
        (["feel"], "缺少参数 expression。 用法见 bihuan feel --help。"),
        (["feel", "1", "--loud"], "没有选项 --loud。 用法见 bihuan feel --help。"),
        (["decide", "a.dmn"], "缺少参数 decision。 用法见 bihuan decide --help。"),
    ],
)
def test_a_wrong_call_is_one_sentence(line: Line, arguments: list[str], sentence: str) -> None:
    said = line.run(*arguments)
    assert (said.status, said.sentence) == (2, sentence)


def test_a_value_of_the_wrong_kind_names_its_option(line: Line) -> None:
    said = line.run("serve", "--port", "http")
    assert said.status == 2
    assert said.sentence.startswith("参数 --port 的值不能用：应当是整数。")


@pytest.mark.parametrize(
    ("units", "why"), [("0", "不能小于 1"), ("9999", "不能大于 2000"), ("few", "应当是整数")]
)
def test_a_value_out_of_bounds_is_said_in_chinese(line: Line, units: str, why: str) -> None:
    said = line.run("simulate", "--profile", "zhangjiajie_2009", "--units", units, "--year", "2009")
    assert said.status == 2
    assert said.sentence.startswith(f"参数 --units 的值不能用：{why}。")


def test_a_wrong_call_with_json_is_an_error_object(line: Line) -> None:
    said = line.run("lint", "--json")
    assert said.status == 2
    assert said.error["code"] == "usage"
    assert said.error["message"] == "缺少参数 paths。"


@pytest.mark.parametrize(
    ("settings", "part"),
    [
        ({"port": "99999"}, "BIHUAN_PORT: 设置 port 的值不能用"),
        ({"clock": "yesterday"}, "BIHUAN_CLOCK: 设置 clock 的值不能用"),
        ({"database_url": "city"}, "BIHUAN_DATABASE_URL 不是可用的数据库地址"),
        ({"database_url": "mysql://root@localhost/city"}, "BIHUAN_DATABASE_URL 不是可用的数据库地址"),
        ({"feel_steps": "many"}, "BIHUAN_FEEL_STEPS 应当是1至5000000的整数，却是“many”。"),
        ({"config": "nowhere.toml"}, "nowhere.toml: BIHUAN_CONFIG 指的配置文件不存在"),
        ({"config": "broken.toml"}, "broken.toml: 配置文件不是合法的 TOML"),
        ({"config": "binary.toml"}, "binary.toml: 配置文件不是合法的 TOML"),
        ({"config": "misspelt.toml"}, "配置文件里有不认识的设置：databse_url"),
    ],
)
def test_a_wrong_setting_is_one_sentence_that_names_it(
    line: Line, settings: dict[str, str], part: str
) -> None:
    line.write("broken.toml", "port = [")
    line.write("binary.toml", b"\xff\xfe")
    line.write("misspelt.toml", 'databse_url = "sqlite:///x.db"')
    said = line.run("migrate", **settings)
    assert said.status == 2
    assert part in said.sentence


def test_the_settings_file_is_read_from_the_working_folder(line: Line) -> None:
    line.write("bihuan.toml", 'database_url = "sqlite:///here/city.db"')
    assert line.run("migrate").status == 0
    assert (line.folder / "here" / "city.db").exists()


def test_a_password_in_the_address_is_not_shown(line: Line) -> None:
    said = line.run("migrate", database_url="postgresql+psycopg://city:geheim@127.0.0.1:1/city")
    assert said.status == 1
    assert "geheim" not in said.sentence


def test_a_database_that_does_not_answer_is_one_sentence(line: Line) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    said = line.run("serve", database_url=f"postgresql+psycopg://city@127.0.0.1:{port}/city")
    assert said.status == 1
    assert said.sentence.startswith("数据库出错：")
    assert "Connection refused" in said.sentence


def test_a_file_that_is_no_database_is_one_sentence(line: Line) -> None:
    line.write("city.db", "this is a letter, not a database" * 10)
    said = line.run("migrate", database_url="sqlite:///city.db")
    assert (said.status, "not a database" in said.sentence) == (1, True)
