"""`todos`: an outside to-do centre compared with what is open."""

from typing import Annotated

import typer

from api.commands.arguments import to_text
from api.commands.failures import Failure
from api.commands.installation import open_current_engine, read_settings


def todos(as_json: Annotated[bool, typer.Option("--json", help="输出 JSON")] = False) -> None:
    """与外部待办中心核对一遍: 漏了的、变了的、该撤的, 都重新推送。"""
    settings = read_settings()
    if not settings.todo_webhook:
        hint = "先在 BIHUAN_WEBHOOKS 里设好网络回调，再把它的名称写在 BIHUAN_TODO_WEBHOOK 里。"
        raise Failure("settings", "没有设置外部待办中心。", hint=hint, status=2)
    engine = open_current_engine(settings)
    try:
        pushed = engine.reconcile_todos()
    finally:
        engine.database.close()
    typer.echo(to_text({"pushed": pushed}) if as_json else f"推送了 {pushed} 条待办的变化。")
