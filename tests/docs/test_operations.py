"""The recipe for several machines names what there is: settings, addresses, commands, files to be read."""

import shutil
import subprocess
from configparser import ConfigParser
from pathlib import Path

import pytest
import yaml
from sqlalchemy import make_url

from api.commands.line import COMMANDS
from api.health import router
from api.settings import Settings
from tests.docs.pages import DOCS

FILES = DOCS / "operations"


def environment() -> dict[str, str]:
    lines = (FILES / "bihuan.env").read_text("utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def pool() -> ConfigParser:
    return _ini("pgbouncer.ini")


def _ini(name: str) -> ConfigParser:
    read = ConfigParser(interpolation=None)
    read.read(FILES / name, "utf-8")
    return read


def test_the_settings_of_the_recipe_are_ours_and_fit_each_other() -> None:
    given = {name: value for name, value in environment().items() if name.startswith("BIHUAN_")}
    fields = {name.removeprefix("BIHUAN_").lower(): value for name, value in given.items()}
    assert fields.keys() <= Settings.model_fields.keys()
    settings = Settings.model_validate(fields)
    assert settings.transaction_pool
    bouncer = pool()["pgbouncer"]
    assert bouncer["pool_mode"] == "transaction"
    assert make_url(settings.database_url).port == int(bouncer["listen_port"])
    past_it = make_url(settings.worker_database_url)
    assert f"bind {past_it.host}:{past_it.port}" in (FILES / "haproxy.cfg").read_text("utf-8")
    assert f"host={past_it.host} port={past_it.port}" in pool()["databases"]["bihuan"]


def test_balancer_and_units_name_addresses_and_commands_that_exist() -> None:
    balancer = (FILES / "haproxy.cfg").read_text("utf-8")
    paths = {getattr(route, "path", "") for route in router.routes}
    assert paths == {"/livez", "/readyz", "/healthz"}
    assert f"path {' '.join(sorted(paths, key=['/livez', '/readyz', '/healthz'].index))} " in balancer
    assert "uri /readyz" in balancer
    for unit in FILES.glob("bihuan-*.service"):
        [started] = [line for line in unit.read_text("utf-8").splitlines() if line.startswith("ExecStart=")]
        assert started.split("bihuan ", 1)[1].split()[0] in COMMANDS, unit.name


def test_the_database_notices_within_seconds_that_a_machine_is_gone() -> None:
    patroni = yaml.safe_load((FILES / "patroni.yml").read_text("utf-8"))
    given = patroni["bootstrap"]["dcs"]
    asked = given["postgresql"]["parameters"]
    silence = asked["tcp_keepalives_idle"] + asked["tcp_keepalives_interval"] * asked["tcp_keepalives_count"]
    assert silence <= 15
    assert given["synchronous_mode"] is True


def test_every_page_that_may_be_open_finds_a_connection() -> None:
    """Each keeps one (SSE). A unit without a limit gets 1,024 files, and the balancer stopped at 4,000."""
    pages = Settings().live_pages
    unit = (FILES / "bihuan-serve@.service").read_text("utf-8").splitlines()
    [files] = [line.partition("=")[2] for line in unit if line.startswith("LimitNOFILE=")]
    assert int(files) > 2 * pages
    balancer = (FILES / "haproxy.cfg").read_text("utf-8").split()
    servers = sum(balancer[at + 1].startswith("app") for at, word in enumerate(balancer) if word == "server")
    assert int(balancer[balancer.index("maxconn") + 1]) > pages * servers > 0


def test_the_backup_runs_where_the_database_is_primary_and_the_members_know_each_other() -> None:
    patroni = yaml.safe_load((FILES / "patroni.yml").read_text("utf-8"))
    [stanza] = [name for name in _ini("pgbackrest.conf").sections() if name != "global"]
    backup = (FILES / "pgbackrest@.service").read_text("utf-8")
    assert f":{patroni['restapi']['listen'].rpartition(':')[2]}/primary" in backup
    assert f"--stanza={stanza} " in backup
    assert f"--stanza={stanza} " in patroni["bootstrap"]["dcs"]["postgresql"]["parameters"]["archive_command"]
    etcd = dict(
        line.split("=", 1) for line in (FILES / "etcd.env").read_text("utf-8").splitlines()[1:] if line
    )
    members = dict(one.split("=", 1) for one in etcd["ETCD_INITIAL_CLUSTER"].split(","))
    hosts = [f"http://{one.replace(':2379', ':2380')}" for one in patroni["etcd3"]["hosts"].split(",")]
    assert sorted(members.values()) == sorted(hosts)
    assert members[etcd["ETCD_NAME"]] == etcd["ETCD_INITIAL_ADVERTISE_PEER_URLS"]


@pytest.mark.proof
def test_the_balancer_accepts_its_file(tmp_path: Path) -> None:
    haproxy = shutil.which("haproxy", path="/usr/sbin:/usr/bin")
    if haproxy is None:
        pytest.skip("haproxy is not installed: apt-get install haproxy")
    text = (FILES / "haproxy.cfg").read_text("utf-8")
    plain = text.replace("bind :443 ssl crt /etc/haproxy/bihuan.pem", "bind 127.0.0.1:8443")
    (tmp_path / "haproxy.cfg").write_text(plain, "utf-8")
    said = subprocess.run([haproxy, "-c", "-f", tmp_path / "haproxy.cfg"], capture_output=True, text=True)
    assert said.returncode == 0, said.stderr
