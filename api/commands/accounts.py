"""`reset-password`: a one-time password for an account that nobody may reset on a page."""

from typing import Annotated

import typer

from api.commands.failures import Failure
from api.commands.installation import open_current_engine, read_settings
from api.house import make_house
from api.people.recording import record_account
from engine.people.login import reset_password as reset
from engine.people.users import find_user


def reset_password(login: Annotated[str, typer.Argument(help="登录名")]) -> None:
    """给任何帐号一个一次性密码, 包括三员; 本人在各处退出, 审计员看得到。"""
    settings = read_settings()
    house = make_house(settings, open_current_engine(settings))
    with house.database.write() as connection:
        user = find_user(connection, login)
        if user is None:
            raise Failure("user_missing", f"没有登录名“{login}”。", where=login)
        record_account(house, connection, None, "reset", user.id)
        secret = reset(connection, user.id, passwords=house.passwords, clock=house.security_clock)
    typer.echo(f"{user.name} {user.login} 的一次性密码：{secret}")
    typer.echo("密码只显示这一次，第一次登录时要改掉。")
