"""`bihuan reset-password`: the only way into an administrator's account, and it is on record."""

import re

from engine.audit.administration import SERVER, broken, newest
from engine.people.login import Admitted, log_in
from engine.people.passwords import PasswordRules, Passwords
from engine.store import Database
from tests.commands.line import Line
from tests.commands.test_founding import CITY

CHEAP = Passwords(PasswordRules(time_cost=1, memory_cost=8, parallelism=1))


def test_an_administrator_gets_a_password_at_the_server_and_the_audit_says_so(installed: Line) -> None:
    assert installed.run("init", *CITY).status == 0
    said = installed.run("reset-password", "ZHAO", BIHUAN_CLOCK="2018-03-01T09:00:00+08:00")
    assert (said.status, said.err) == (0, "")
    secret = re.search(r"zhao 的一次性密码：(\S+)", said.out)
    assert secret is not None
    database = Database(installed.settings["BIHUAN_DATABASE_URL"])
    admitted = log_in(database, login="zhao", password=secret[1], passwords=CHEAP)
    assert isinstance(admitted, Admitted)
    assert admitted.must_change_password
    with database.read() as connection:
        [event] = newest(connection, condition="(1 = 1)", values={})
        assert broken(connection) is None
    assert (event.act, event.actor_name, event.actor_id) == ("reset", SERVER, None)
    assert "zhao" in event.subject_name
    assert event.happened_at.year != 2018, "on the machine's own time, not the clock of business"
    database.close()


def test_nobody_is_reset_who_is_not_there(installed: Line) -> None:
    said = installed.run("reset-password", "nobody")
    assert (said.status, said.sentence) == (1, "nobody: 没有登录名“nobody”。")
