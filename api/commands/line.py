"""The command line itself: its commands, and how errors reach a person or a program."""

import gc
import os
import sys
import traceback
from importlib import import_module

import typer
from typer.exceptions import Abort, TyperException

from api.commands.causes import failure_of, usage_failure
from api.commands.failures import Failure, report

COMMANDS = {
    "demo": "api.commands.demo:demo",
    "init": "api.commands.schema:init",
    "migrate": "api.commands.schema:migrate_schema",
    "serve": "api.commands.serving:serve",
    "worker": "api.commands.working:worker",
    "reset-password": "api.commands.accounts:reset_password",
    "deploy": "api.commands.definitions:deploy",
    "lint": "api.commands.definitions:lint",
    "feel": "api.commands.rules:feel",
    "decide": "api.commands.rules:decide",
    "score": "api.commands.score:score",
    "simulate": "api.commands.simulate:simulate",
    "instances": "api.commands.instances:instances",
    "replay": "api.commands.replay:replay",
    "verify": "api.commands.verify:verify",
    "todos": "api.commands.todos:todos",
}


def line_for(asked: str) -> typer.Typer:
    """The command line with the command `asked` alone, so that a small one starts fast; else with all."""
    app = typer.Typer(
        name="bihuan", no_args_is_help=True, pretty_exceptions_enable=False, add_completion=False
    )
    app.callback()(bihuan)
    gc.disable()  # while loading almost nothing is thrown away: to look for it costs a quarter of the time
    for name in [asked] if asked in COMMANDS else COMMANDS:
        module, _, function = COMMANDS[name].partition(":")
        command = getattr(import_module(module), function)
        if isinstance(command, typer.Typer):
            app.add_typer(command, name=name)
        else:
            app.command(name)(command)
    spare_the_collector()
    gc.enable()
    return app


def spare_the_collector() -> None:
    """What was loaded stays for good, and what an act makes dies with it, hardly ever in a circle: it need
    not be looked for after every seven hundred objects."""
    gc.freeze()
    gc.set_threshold(10_000, 20, 50)


def bihuan() -> None:
    """闭环: 按流程图运行的政府绩效考评。"""


def main() -> None:
    """Run one command; what goes wrong is one sentence on standard error and status 1 or 2."""
    given = sys.argv[1:]
    try:
        status = line_for(given[0] if given else "")(given or ["--help"], standalone_mode=False)
    except Abort:
        sys.exit(1)
    except Exception as error:
        failure = _explained(error)
        report(failure, as_json="--json" in given)
        sys.exit(failure.status)
    sys.exit(status if given else 2)


def _explained(error: Exception) -> Failure:
    if isinstance(error, Failure):
        return error
    if isinstance(error, TyperException):
        return usage_failure(error)
    if os.environ.get("BIHUAN_LOG_LEVEL") == "debug":
        traceback.print_exception(error)
    return failure_of(error)
