"""Citizens of the virtual city: they answer the survey by codes, speak on the open pages, and judge."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from functools import partial

from engine.clock import today
from engine.people.persons import Person
from engine.runtime.engine import Engine
from processes.evaluation.ballots.boxes import issue_codes
from processes.evaluation.ballots.proofs import new_sheet
from processes.evaluation.survey.answering import hand_in
from processes.evaluation.survey.reading import asked_units, layers_of, survey_of
from processes.planning import queries as planning
from processes.rectification import saying
from processes.rectification.following import STATES
from processes.rectification.speaking import comment_and_tell, complain_and_tell, judge_and_tell, say_and_tell
from processes.simulation.chance import Chance
from processes.simulation.city import Body, VirtualCity, moment
from processes.simulation.tasks import Task
from processes.simulation.year import Plan

ANSWERING = 0.9
"""The share of codes that are used."""
KNOWN = 0.85
"""How likely a citizen knows a unit well enough to judge it."""
SURVEY_DAYS = 3
OPINIONS = (
    "办事大厅排队时间太长，希望增加窗口。",
    "多次反映路灯不亮，一直没有修好。",
    "网上办理的材料要求不清楚。",
    "小区周边噪声扰民，多次投诉没有结果。",
    "希望公布每月工作进展。",
)
"""What people say; 多次 makes it a key issue of the year."""
SPEAKING = (45, 100, 160, 205, 260)
"""On these days of the year somebody speaks on the open page."""
COMMENTING = 0.5
"""How likely somebody comments on a promise."""
COMMENTS_AFTER = timedelta(days=40)
COMPLAINS = (9, 15)
"""On this day somebody complains about the assessment itself, to supervision."""
OVER = ("不予受理", *(STATES[name] for name in ("closed", "flagged", "listed")))
"""Where nobody asks again."""
ASKS_AGAIN = timedelta(days=7)


@dataclass
class Citizens:
    """What citizens do; `plan` lets something happen later."""

    engine: Engine
    city: VirtualCity
    chance: Chance
    plan: Plan
    sheets: int = 0
    opinions: int = 0
    comments: int = 0
    complaints: int = 0
    _heard: set[str] = field(default_factory=set)

    def begin(self) -> None:
        """Lay out on which days people speak up by themselves."""
        for number, day in enumerate(SPEAKING):
            at = moment(date.fromordinal(date(self.city.year, 1, 1).toordinal() + day), 10)
            self.plan(at, f"opinion {number}", partial(self._speak, number))
        self.plan(moment(date(self.city.year, *COMPLAINS), 10), "complaint", self._complain)

    def listen(self) -> None:
        """Comment on what lies open for comments today, once."""
        day = today(self.engine.clock)
        with self.engine.database.read() as connection:
            found = planning.open_consultation(connection, today=day)
        if found is None or found["id"] in self._heard:
            return
        self._heard.add(found["id"])
        body = self._somebody("comment")
        with self.engine.database.write() as connection:
            planning.add_comment(
                connection,
                found["id"],
                text="希望目标更具体，并按季度公布进展。",
                at=self.engine.clock.now(),
                today=day,
                unit_id=body.id,
            )
            self.comments += 1

    def hand_out_codes(self, task: Task, person: Person) -> None:
        """发码: every layer gets its codes; who got one answers on some day of the window."""
        survey_id = str(task.variables["surveyId"])
        with self.engine.database.write() as connection:
            survey = survey_of(connection, survey_id)
            units = [unit["unit_id"] for unit in asked_units(connection, survey_id)]
            codes = {
                layer["number"]: issue_codes(
                    connection, survey["box_id"], layer=layer["number"], many=layer["quota"]
                )
                for layer in layers_of(connection, survey_id)
            }
        days = (survey["closes_on"] - survey["opens_on"]).days
        for part in range(SURVEY_DAYS):
            day = survey["opens_on"] + timedelta(days=days * (part + 1) // (SURVEY_DAYS + 1))
            batch = [
                (layer, number, code)
                for layer, issued in codes.items()
                for number, code in enumerate(issued)
                if number % SURVEY_DAYS == part
            ]
            self.plan(moment(day, 11), f"survey {part}", self._answering(units, batch))

    def comment_on_promise(self, task: Task, person: Person) -> None:
        """Some weeks after a unit took a key issue, somebody writes below its promise."""
        issue_id = str(task.variables["issueId"])
        if not task.likely(COMMENTING, "comments"):
            return

        def comment() -> None:
            try:
                with self.engine.database.write() as connection:
                    comment_and_tell(self.engine, connection, issue_id, "希望尽快完成，并公布时间表。")
                self.comments += 1
            except (saying.SayingRefused, LookupError):
                return  # it is not public yet, or closed already: the page would say so too

        at = self.engine.clock.now() + COMMENTS_AFTER
        self.plan(at, f"comment {'/'.join(task.item.place)}", comment)

    def _answering(self, units: list[str], batch: list[tuple[int, int, str]]) -> Callable[[], None]:
        def answer() -> None:
            for layer, number, code in batch:
                if self.chance.happens(ANSWERING, "answers", layer, number):
                    self._answer(units, layer, number, code)

        return answer

    def _answer(self, units: list[str], layer: int, number: int, code: str) -> None:
        mood = self.chance.of("sheet", layer, number)
        strict = mood.gauss(0, 0.06)
        marks = {
            unit_id: self._level(unit_id, layer, number, strict)
            for unit_id in sorted(units, key=lambda one: self.city.codes[one])
        }
        words = []
        if mood.random() < 0.06:
            words = [(self._somebody("words", layer, number).id, mood.choice(OPINIONS))]
        hand_in(
            self.engine.database,
            code,
            secret=new_sheet(),
            marks=marks,
            opinions=words,
            today=today(self.engine.clock),
        )
        self.sheets += 1

    def _level(self, unit_id: str, layer: int, number: int, strict: float) -> str:
        mood = self.chance.of("level", layer, number, self.city.codes[unit_id])
        body = self.city.bodies.get(unit_id)
        if mood.random() > KNOWN:
            return "unknown"
        liked = (body.character.liked if body else 0.8) - strict
        if mood.random() < liked:
            return str(mood.choice((1, 1, 2, 2, 3)))
        return str(mood.choice((3, 4, 4, 5)))

    def _speak(self, number: int) -> None:
        said = saying.Said(text=OPINIONS[number % len(OPINIONS)], unit_id=self._somebody("speaks", number).id)
        with self.engine.database.write() as connection:
            taken = say_and_tell(self.engine, connection, self.city.cycle_id, said)
        self.opinions += 1
        self._ask_again(taken.code, number, turn=1)

    def _complain(self) -> None:
        with self.engine.database.write() as connection:
            complain_and_tell(self.engine, connection, self.city.cycle_id, "考核组来去匆匆，没有听取意见。")
        self.complaints += 1

    def _ask_again(self, code: str, number: int, *, turn: int) -> None:
        at = self.engine.clock.now() + ASKS_AGAIN
        self.plan(at, f"follows {number}", lambda: self._follow(code, number, turn))

    def _follow(self, code: str, number: int, turn: int) -> None:
        """Look what became of it; judge it when one may. Not everybody is content at once."""
        with self.engine.database.read() as connection:
            found = saying.by_code(connection, code)
        if found is None or found.state.startswith(OVER):
            return
        if found.may_judge:
            solved = self.chance.happens(0.7, "solved", number, turn)
            text = "" if solved else "没有解决，请再办。"
            with self.engine.database.write() as connection:
                judge_and_tell(self.engine, connection, code, solved=solved, text=text)
        self._ask_again(code, number, turn=turn + 1)

    def _somebody(self, *names: object) -> Body:
        """The unit that somebody means: rather one that people like less."""
        bodies = self.city.assessed
        weights = [float(Decimal("1.02") - Decimal(repr(body.character.liked))) for body in bodies]
        return self.chance.of("means", *names).choices(bodies, weights)[0]
