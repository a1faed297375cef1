"""Why a command failed, as a sentence for a person: what libraries raise, in the words of this product."""

import re
import sqlite3
import sys

from typer.exceptions import TyperException

from api.commands.failures import Failure

_NO_COMMAND = re.compile(r"No such command '(.*?)'")
_VALUES = (
    (re.compile(r"greater than or equal to (-?[\d.]+)"), "不能小于 {0}"),
    (re.compile(r"less than or equal to (-?[\d.]+)"), "不能大于 {0}"),
    (re.compile(r"valid integer"), "应当是整数"),
)
_OURS = "BIHUAN_"
"""Settings that are read while a module loads say their name first; there is no class to ask for then."""
_FILES = {FileNotFoundError: "没有这个文件", IsADirectoryError: "这是一个文件夹", PermissionError: "没有权限"}


def usage_failure(error: TyperException) -> Failure:
    """A command that was called wrongly: status 2."""
    context = getattr(error, "ctx", None)
    hint = f"用法见 {context.command_path} --help。" if context is not None else ""
    return Failure("usage", _usage(error), hint=hint, status=2)


def failure_of(error: Exception) -> Failure:
    """Whatever else went wrong. The whole story is told with BIHUAN_LOG_LEVEL=debug."""
    cause = _under(error)
    if _is_outage(cause):
        hint = "请检查 BIHUAN_DATABASE_URL 和数据库服务。"
        return Failure("database", f"数据库出错：{_outage(cause)}。", hint=hint)
    if isinstance(cause, ValueError) and str(cause).startswith(_OURS):
        return Failure("setting", f"{_first_line(str(cause))}。", hint="请改正这个环境变量。", status=2)
    if isinstance(error, OSError):
        return Failure("file", f"{file_reason(error)}。", where=str(error.filename or ""))
    reason = f"{type(cause).__name__}: {_first_line(str(cause))}"
    return Failure("internal", f"程序出错：{reason}。", hint="设 BIHUAN_LOG_LEVEL=debug 再运行可见全部细节。")


def _under(error: Exception) -> BaseException:
    """What the driver said, where SQLAlchemy says it again; only commands with a database load that."""
    if "sqlalchemy" not in sys.modules:
        return error
    from sqlalchemy.exc import DBAPIError

    return error.orig if isinstance(error, DBAPIError) and error.orig is not None else error


def _is_outage(cause: BaseException) -> bool:
    if isinstance(cause, sqlite3.OperationalError) or type(cause) is sqlite3.DatabaseError:
        return True
    if "psycopg" not in sys.modules:
        return False
    from psycopg import OperationalError

    return isinstance(cause, OperationalError)


def file_reason(error: OSError) -> str:
    """Why a file cannot be used."""
    return _FILES.get(type(error)) or error.strerror or str(error)


def _usage(error: TyperException) -> str:
    kind, parameter = type(error).__name__, getattr(error, "param", None)
    name = parameter.opts[-1] if parameter is not None else ""
    if missing := _NO_COMMAND.match(error.message):
        return f"没有命令 {missing[1]}。"
    if kind == "NoSuchOption":
        return f"没有选项 {getattr(error, 'option_name', '')}。"
    if kind == "MissingParameter":
        return f"缺少参数 {name}。"
    if kind == "BadParameter":
        return f"参数 {name} 的值不能用：{_in_words(_first_line(error.message))}。"
    return _first_line(error.format_message())


def _in_words(text: str) -> str:
    """What the command line's library says of a value, in Chinese; as it is where it is not known."""
    for said, words in _VALUES:
        if found := said.search(text):
            return words.format(*found.groups())
    return text


def _outage(cause: BaseException) -> str:
    """The line that says most: drivers begin with a headline when they have tried several addresses."""
    lines = [line.strip(" -") for line in str(cause).splitlines()]
    telling = [line for line in lines if "failed: " in line or "FATAL" in line]
    return _first_line((telling or lines or [""])[0]) or type(cause).__name__


def _first_line(text: str) -> str:
    return text.strip().partition("\n")[0].rstrip(".。 ")
