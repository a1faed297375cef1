"""What a command says when it cannot do what was asked."""

import json
import sys


class Failure(Exception):
    """An expected failure. `status`: 1 refused, 2 wrong usage."""

    def __init__(self, code: str, message: str, *, where: str = "", hint: str = "", status: int = 1) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.where = where
        self.hint = hint
        self.status = status


def report(failure: Failure, *, as_json: bool) -> None:
    """One sentence (or one JSON object) on standard error."""
    if as_json:
        said = {
            "code": failure.code,
            "message": failure.message,
            "where": failure.where,
            "hint": failure.hint,
        }
        print(json.dumps({"error": said}, ensure_ascii=False), file=sys.stderr)
        return
    where = f"{failure.where}: " if failure.where else ""
    hint = f" {failure.hint}" if failure.hint else ""
    print(f"{where}{failure.message}{hint}", file=sys.stderr)
