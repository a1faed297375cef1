"""The installation that a command works on: its settings and its database."""

import os
import tomllib
from pathlib import Path
from tomllib import TOMLDecodeError

from pydantic import ValidationError
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from api.assembly import build_engine
from api.commands.causes import file_reason
from api.commands.failures import Failure
from api.settings import Settings
from engine.runtime.engine import Engine
from processes.schema import is_current


def read_settings() -> Settings:
    """What environment and file say. Raises `Failure`; a file that was named must exist."""
    named = os.environ.get("BIHUAN_CONFIG", "")
    if named and not Path(named).is_file():
        raise Failure("settings", "BIHUAN_CONFIG 指的配置文件不存在。", where=named, status=2)
    file = named or "bihuan.toml"
    try:
        _refuse_unknown(Path(file))
        return Settings()
    except ValidationError as error:
        first = error.errors(include_input=False)[0]
        name = ".".join(str(part) for part in first["loc"])
        where = f"BIHUAN_{name.upper()}"
        raise Failure(
            "settings", f"设置 {name} 的值不能用：{first['msg']}。", where=where, status=2
        ) from None
    except (TOMLDecodeError, UnicodeDecodeError) as error:
        raise Failure("settings", f"配置文件不是合法的 TOML: {error}。", where=file, status=2) from None
    except OSError as error:
        raise Failure("settings", f"无法读取配置文件：{file_reason(error)}。", where=file, status=2) from None


def _refuse_unknown(file: Path) -> None:
    """A misspelt setting would otherwise be passed over without a word."""
    if not file.is_file():
        return
    unknown = sorted(tomllib.loads(file.read_text("utf-8")).keys() - Settings.model_fields.keys())
    if unknown:
        raise Failure(
            "settings",
            f"配置文件里有不认识的设置：{'、'.join(unknown)}。",
            where=str(file),
            hint="设置的名称见 docs/administrator.md。",
            status=2,
        )


def open_engine(settings: Settings) -> Engine:
    """The engine on the installation's database. Raises `Failure` for a URL that cannot be one."""
    try:
        return build_engine(settings)
    except (ValueError, ArgumentError, ImportError):
        raise Failure(
            "database",
            "BIHUAN_DATABASE_URL 不是可用的数据库地址。",
            hint="例如 sqlite:///var/bihuan.db 或 postgresql+psycopg://用户@主机/库名。",
            status=2,
        ) from None


def installed_engine(settings: Settings) -> Engine | None:
    """The engine of an installation that may not be there yet: None without a database of this version.

    Nothing is made on the way. Raises `Failure` for a URL that cannot be one, and what a server that does
    not answer raises.
    """
    url = settings.database_url
    if url.startswith("sqlite") and not Path(make_url(url).database or "").is_file():
        return None
    engine = open_engine(settings)
    with engine.database.read() as connection:
        return engine if is_current(connection) else None


def open_current_engine(settings: Settings) -> Engine:
    """Like `open_engine`, on a schema that is up to date. Raises `Failure` with what to do."""
    engine = open_engine(settings)
    with engine.database.read() as connection:
        if not is_current(connection):
            raise Failure("schema", "数据库结构不是最新的。", hint="请先运行 bihuan migrate。")
    return engine
