"""What `init` makes besides schema and definitions: the assessor, its administrators and its first year."""

from dataclasses import dataclass

from sqlalchemy import Connection

from api.commands.failures import Failure
from api.house import password_rules
from api.settings import Settings
from engine.clock import today
from engine.people.passwords import Passwords
from engine.people.refusals import PeopleRefused
from engine.runtime.engine import Engine
from processes.cycle.founding import FirstPerson, Founding, assessors, found
from processes.cycle.opening import YearRefused
from processes.cycle.profile import Profile, bundled_profiles, load_profile

EXAMPLE = "bihuan init --assessor 杭州市 --code HZ --year 2018 --admin wang.wu=王五 --security zhao.liu=赵六"

YEAR_HINT = (
    "请用 --year 选其中一年；要考评别的年度，先在方案文件 {file} 的 years 里加上它，并核对各项日期和数值。"
)


@dataclass(frozen=True)
class Asked:
    """The options of `init`, as they were given."""

    assessor: str
    code: str
    year: int | None
    admin: str
    security: str
    profile: str
    office: str


@dataclass(frozen=True)
class Wanted:
    """A city to be founded, and its profile."""

    founding: Founding
    profile: Profile


def wanted_of(asked: Asked) -> Wanted | None:
    """What is to be founded; None when nothing was said of it. Raises `Failure` for half of it."""
    needed = {
        "--assessor": asked.assessor,
        "--code": asked.code,
        "--year": asked.year,
        "--admin": asked.admin,
        "--security": asked.security,
    }
    missing = [option for option, value in needed.items() if not value]
    if len(missing) == len(needed) and not asked.office:
        return None
    if missing or asked.year is None:
        raise Failure("usage", f"还缺 {'、'.join(missing)}。", hint=f"例如 {EXAMPLE}", status=2)
    if asked.profile not in bundled_profiles():
        hint = f"有的是 {'、'.join(bundled_profiles())}。"
        raise Failure("profile", f"没有方案 {asked.profile}。", hint=hint, status=2)
    founding = Founding(
        name=asked.assessor.strip(),
        code=asked.code.strip(),
        year=asked.year,
        system=_person(asked.admin),
        security=_person(asked.security),
        office=asked.office.strip(),
    )
    return Wanted(founding, load_profile(asked.profile))


def found_city(connection: Connection, wanted: Wanted, *, engine: Engine, settings: Settings) -> list[str]:
    """Found it in this transaction, unless it is there; what to tell the administrator, line by line."""
    new = wanted.founding
    there = assessors(connection)
    if new.code in there:
        return [f"考评主体 {there[new.code]} ({new.code}) 已经建立，没有改动。"]
    try:
        made = found(
            connection,
            wanted.profile,
            new,
            passwords=Passwords(password_rules(settings)),
            at=engine.clock.now(),
            today=today(engine.clock),
        )
    except PeopleRefused as refused:
        raise Failure(refused.code, refused.message, hint=refused.hint) from None
    except YearRefused as refused:
        raise Failure("year", str(refused), hint=YEAR_HINT.format(file=wanted.profile.file)) from None
    return [
        f"建立了考评主体 {new.name} ({new.code})、{made.office_name}、{new.year} 年度和方案里的岗位。",
        *(f"{one.name} {one.login} 的一次性密码：{one.one_time_password}" for one in made.people),
        "密码只显示这一次，第一次登录时要改掉。接着由系统管理员导入单位和人员。",
    ]


def hint_of(connection: Connection) -> list[str]:
    """What is still missing before anybody can log in."""
    if assessors(connection):
        return []
    return [f"还没有考评主体和管理员，没有人能登录。建立它们：{EXAMPLE}"]


def _person(text: str) -> FirstPerson:
    login, _, name = text.partition("=")
    return FirstPerson(login.strip(), name.strip())
