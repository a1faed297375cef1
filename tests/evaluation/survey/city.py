"""A city at the end of its year, with the survey and the leaders' evaluation deployed, and ten leaders."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from sqlalchemy import insert, text

from engine.ids import new_id
from engine.people.memberships import appoint
from engine.people.tables import UserAccount
from engine.store import Database
from processes.demo import Demo, build_demo
from processes.evaluation.ballots.boxes import issue_codes
from processes.evaluation.ballots.proofs import new_sheet
from processes.evaluation.survey.answering import hand_in
from processes.tables import table_of
from tests.processes.city import ROOT, City
from tests.processes.city import open_city as open_processes

SHANGHAI = ZoneInfo("Asia/Shanghai")
FOLDERS = ("processes/evaluation/survey", "processes/evaluation/ballots")
DECISIONS = ("satisfaction.dmn", "survey_layers.dmn", "leader_score.dmn")
FORMS = ("survey_*.form", "leader_*.form")
LEADERS = 10
"""city.leader, and city.leader2 to city.leader10."""
F9_WEIGHTS = (50, 30, 20)
F9_COUNTS = ((30, 40, 20, 8, 2), (50, 30, 15, 3, 2), (20, 20, 30, 20, 10))


def library() -> dict[str, bytes]:
    """The diagrams, decisions and forms of the two."""
    paths = [path for folder in FOLDERS for path in sorted((ROOT / folder).glob("*.bpmn"))]
    paths += [ROOT / "processes/evaluation" / name for name in DECISIONS]
    paths += [path for form in FORMS for path in sorted((ROOT / "forms/library/evaluation").glob(form))]
    return {str(path.relative_to(ROOT)): path.read_bytes() for path in paths}


def lay_city(url: str, *, password_hash: str = "") -> Demo:
    """Build the city once; its copies hold the same."""
    database = Database(url)
    with database.write() as connection:
        demo = build_demo(connection, password_hash=password_hash)
        demo_leaders = [login for login in demo.logins if login.post == "city.leader"]
        for number in range(len(demo_leaders) + 1, LEADERS + 1):
            person = new_id()
            connection.execute(
                insert(table_of(UserAccount)).values(
                    id=person,
                    login=f"city.leader{number}",
                    name=f"市领导{number}",
                    pinyin="",
                    phone="",
                    email="",
                    password_hash=password_hash,
                    must_change_password=False,
                    failed_count=0,
                    active=True,
                    created_at=datetime(2018, 1, 1, tzinfo=UTC),
                )
            )
            appoint(
                connection,
                user_id=person,
                unit_id=demo.assessor_id,
                post_key="city.leader",
                from_on=date(2018, 1, 1),
                is_primary=True,
            )
    open_processes(database, demo).engine.deploy(library())
    database.close()
    return demo


@dataclass
class SurveyCity(City):
    """The city with the words of this stage."""

    survey_id: str = ""

    def at(self, day: date, hour: int = 9) -> None:
        """Go on to a day's hour, and let the engine do what has become due."""
        moment = datetime.combine(day, time(hour), SHANGHAI).astimezone(UTC)
        self.clock.advance(max(moment - self.clock.now(), timedelta(0)))
        self.engine.drain()

    def begin_survey(self, units: Sequence[str], **variables: object) -> str:
        """Start the survey about some units; its id."""
        chosen = [{"id": self.demo.units[name]} for name in units]
        instance = self.engine.start(
            "survey", cycle=self.cycle, variables={"surveyUnits": chosen, **variables}
        )
        self.engine.drain()
        self.survey_id = str(self.scalar("select id from survey where instance_id = :id", id=instance))
        return self.survey_id

    def plan_survey(self, layers: Sequence[tuple[str, int, int]]) -> None:
        """From the design to the approval: `layers` are (name, weight, codes)."""
        form = self.form("survey.staff", "design_questionnaire")
        self.complete("survey.staff", "design_questionnaire", fields=form)
        rows = [
            {"name": name, "sampling": "随机", "weight": str(weight), "quota": str(quota)}
            for name, weight, quota in layers
        ]
        self.complete("survey.staff", "plan_sampling", fields={"layers": rows})
        self.complete("office.reviewer", "approve_plan", outcome="approve")

    def codes(self, layer: int, many: int) -> list[str]:
        """Codes for a layer."""
        with self.engine.database.write() as connection:
            return issue_codes(connection, self.box_id, layer=layer, many=many)

    def open_survey(self) -> None:
        """Say that the codes are handed out, and wait until the first day."""
        self.complete("survey.staff", "hand_out_codes")
        opens = self.scalar("select opens_on from survey where id = :id", id=self.survey_id)
        self.at(date.fromisoformat(str(opens)))

    def close_survey(self) -> None:
        """Wait until the last day is over."""
        closes = self.scalar("select closes_on from survey where id = :id", id=self.survey_id)
        self.at(date.fromisoformat(str(closes)) + timedelta(days=1))

    @property
    def box_id(self) -> str:
        """The survey's ballot box."""
        return str(self.scalar("select box_id from survey where id = :id", id=self.survey_id))

    def answer(self, code: str, marks: Mapping[str, str], **more: object) -> str:
        """Fill in a sheet about units by name; the sheet's secret."""
        given = {self.demo.units[name]: mark for name, mark in marks.items()}
        sheet = str(more.pop("secret", "") or new_sheet())
        opinions = more.pop("opinions", ())
        day = self.clock.now().astimezone(SHANGHAI).date()
        hand_in(self.engine.database, code, secret=sheet, marks=given, opinions=opinions, today=day)  # type: ignore[arg-type]
        return sheet

    def fill_layer(self, layer: int, unit: str, counts: Sequence[int], *, unknown: int = 0) -> list[str]:
        """As many answers about a unit from a layer as `counts` says, one code each; the codes."""
        marks = [str(level) for level, many in enumerate(counts, 1) for _ in range(many)]
        marks += ["unknown"] * unknown
        codes = self.codes(layer, len(marks))
        for code, mark in zip(codes, marks, strict=True):
            self.answer(code, {unit: mark})
        return codes

    def try_again(self) -> None:
        """Let what failed run again at once, as often as it may; retries wait for the machine's own clock."""
        for _ in range(12):
            with self.engine.database.write() as connection:
                connection.execute(text("update job set run_at = created_at where state = 'waiting'"))
            self.engine.drain()

    def result(self, unit: str, layer: int = 0) -> Mapping[str, object]:
        """A unit's result."""
        [row] = self.rows(
            "select * from survey_result where survey_id = :survey and unit_id = :unit and layer = :layer",
            survey=self.survey_id,
            unit=self.demo.units[unit],
            layer=layer,
        )
        return row

    def number(self, value: object) -> Decimal:
        """A number as it is stored on either home."""
        return Decimal(str(value))


def open_city(url: str) -> SurveyCity:
    """A city that was laid before."""
    opened = open_processes(Database(url))
    city = SurveyCity(opened.engine, opened.clock, opened.demo, opened.people)
    city.at(date(2018, 11, 1))
    return city
