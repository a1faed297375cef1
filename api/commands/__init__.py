"""The one command `bihuan`: set-up, serving, definitions, rules. Nothing here holds rules of its own."""

from api.commands.line import main

__all__ = ["main"]
