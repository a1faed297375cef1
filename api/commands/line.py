"""The command line itself: its groups of commands, and how errors reach a person or a program."""

import sys

import typer

from api.commands import definitions, demo, rules, schema, serving
from api.commands.failures import Failure, report

app = typer.Typer(
    name="bihuan",
    help="闭环: 按流程图运行的政府绩效考评。",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.command("demo")(demo.demo)
app.command("init")(schema.init)
app.command("migrate")(schema.migrate_schema)
app.command("serve")(serving.serve)
app.command("worker")(serving.worker)
app.command("deploy")(definitions.deploy)
app.command("lint")(definitions.lint)
app.command("feel")(rules.feel)
app.command("decide")(rules.decide)


def main() -> None:
    """Run one command; an expected failure is one sentence on standard error and status 1 or 2."""
    try:
        app()
    except Failure as failure:
        report(failure, as_json="--json" in sys.argv)
        sys.exit(failure.status)
