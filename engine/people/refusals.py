"""What this room refuses, and why: a sentence for a person, fields for a program."""


class PeopleRefused(Exception):
    """A request about people, units, posts or log-in that cannot be done.

    `code` names the reason for programs, `message` is the sentence shown, `hint` what to do instead,
    `fields` the values it is about.
    """

    def __init__(self, code: str, message: str, *, hint: str = "", **fields: object) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint
        self.fields = fields


class NameUnknown(PeopleRefused):
    """A unit's name that neither the units nor their aliases know."""

    def __init__(self, name: str) -> None:
        super().__init__(
            "unit_unknown",
            f"找不到单位“{name}”。",
            hint="请核对名称，或先在单位的别名中登记这个写法。",
            name=name,
        )
        self.name = name


class Crowded(PeopleRefused):
    """More people log in at this moment than can be checked; nothing was checked or counted."""

    def __init__(self) -> None:
        super().__init__("too_many", "现在登录的人太多，请稍后再试。")


class NotAllowed(PeopleRefused):
    """Somebody tried what their posts do not allow."""

    def __init__(self, act: str, message: str) -> None:
        super().__init__("not_allowed", message, act=act)
        self.act = act
