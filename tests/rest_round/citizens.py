"""Citizens at the open calls: they comment, speak, follow by code and judge, answer the survey by code."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from engine.people.persons import Person
from processes.simulation.citizens import (
    COMMENTING,
    COMMENTS_AFTER,
    OPINIONS,
    OVER,
    SURVEY_DAYS,
    Citizens,
)
from processes.simulation.city import moment
from processes.simulation.tasks import Task
from tests.rest_round.callers import Callers, answered


@dataclass
class Public(Citizens):
    """What citizens do, by open calls; of the survey's sheets the first `sheets_each` of every layer."""

    callers: Callers = field(kw_only=True)
    sheets_each: int | None = field(kw_only=True)
    codes: dict[int, str] = field(default_factory=dict)
    """What was given to who spoke, by the number of what was said."""
    complaint: str = ""
    stories: dict[int, list[str]] = field(default_factory=dict)
    """What the code's holder was told, one state after another."""
    sheets_by_rest: Counter[int] = field(default_factory=Counter)

    def listen(self) -> None:
        """Comment on the consultation, once."""
        if self._heard:
            return
        found = self.callers.visit("GET", "/public/consultations/current")
        if found.status_code == 404:
            return
        told = answered(found)
        self._heard.add(told["id"])
        said = {"text": "希望目标更具体，并按季度公布进展。", "unit_id": self._somebody("comment").id}
        answered(self.callers.visit("POST", f"/public/consultations/{told['id']}/comments", said))
        self.comments += 1

    def hand_out_codes(self, task: Task, person: Person) -> None:
        """发码 by whoever holds the task; who got a code answers on some day of the window."""
        survey = answered(self.callers.get(task.login, "/surveys", cycle=self.city.cycle_id))["items"][0]
        path = f"/surveys/{survey['id']}"
        told = answered(self.callers.get(task.login, path))
        codes = {layer["number"]: self._print(task.login, f"{path}/codes", layer) for layer in told["layers"]}
        units = [unit["id"] for unit in told["units"]]
        opens, closes = (date.fromisoformat(told[key]) for key in ("opens_on", "closes_on"))
        for part in range(SURVEY_DAYS):
            day = opens + (closes - opens) * (part + 1) // (SURVEY_DAYS + 1)
            batch = [
                (layer, number, code)
                for layer, issued in codes.items()
                for number, code in enumerate(issued)
                if number % SURVEY_DAYS == part
            ]
            self.plan(moment(day, 11), f"survey {part}", self._answering(units, batch))

    def comment_on_promise(self, task: Task, person: Person) -> None:
        """Some weeks after a unit took a key issue, somebody writes below its promise, if it is public."""
        path = f"/public/promises/{task.variables['issueId']}/comments"
        if not task.likely(COMMENTING, "comments"):
            return

        def comment() -> None:
            said = self.callers.visit("POST", path, {"text": "希望尽快完成，并公布时间表。"})
            assert said.status_code in (201, 404, 422), said.text
            self.comments += said.status_code == 201

        at = self.engine.clock.now() + COMMENTS_AFTER
        self.plan(at, f"comment {'/'.join(task.item.place)}", comment)

    def follow(self, code: str) -> dict[str, Any]:
        """What the call tells who has the code."""
        told: dict[str, Any] = answered(self.callers.visit("POST", "/public/opinions/follow", {"code": code}))
        return told

    def _print(self, login: str, path: str, layer: dict[str, Any]) -> list[str]:
        order = {"layer": layer["number"], "many": layer["quota"]}
        codes: list[str] = answered(self.callers.post(login, path, order))["codes"]
        return codes

    def _speak(self, number: int) -> None:
        said = {
            "cycle_id": self._listener(),
            "text": OPINIONS[number % len(OPINIONS)],
            "unit_id": self._somebody("speaks", number).id,
        }
        self.codes[number] = answered(self.callers.visit("POST", "/public/opinions", said))["code"]
        self.opinions += 1
        self._ask_again(self.codes[number], number, turn=1)

    def _complain(self) -> None:
        said = {"cycle_id": self._listener(), "kind": "complaint", "text": "考核组来去匆匆，没有听取意见。"}
        self.complaint = answered(self.callers.visit("POST", "/public/opinions", said))["code"]
        self.complaints += 1

    def _listener(self) -> str:
        found = answered(self.callers.visit("GET", "/public/opinions/listeners"))["items"]
        assert self.city.cycle_id in [one["cycle_id"] for one in found], found
        return self.city.cycle_id

    def _follow(self, code: str, number: int, turn: int) -> None:
        told = self.follow(code)
        self.stories.setdefault(number, []).append(told["state"])
        if told["state"].startswith(OVER):
            return
        if told["may_judge"]:
            solved = self.chance.happens(0.7, "solved", number, turn)
            verdict = {"code": code, "solved": solved, "text": "" if solved else "没有解决，请再办。"}
            answered(self.callers.visit("POST", "/public/opinions/verdict", verdict))
        self._ask_again(code, number, turn=turn + 1)

    def _answer(self, units: list[str], layer: int, number: int, code: str) -> None:
        if self.sheets_each is not None and self.sheets_by_rest[layer] >= self.sheets_each:
            super()._answer(units, layer, number, code)
            return
        asked = answered(self.callers.visit("POST", "/public/survey/questionnaire", {"code": code}))
        strict = self.chance.of("sheet", layer, number).gauss(0, 0.06)
        marks = {
            unit["id"]: self._level(unit["id"], layer, number, strict)
            for unit in sorted(asked["units"], key=lambda one: self.city.codes[one["id"]])
        }
        assert marks.keys() == set(units)
        answer = {"code": code, "sheet": asked["sheet"], "answers": marks}
        answered(self.callers.visit("POST", "/public/survey/answers", answer))
        again = {**answer, "sheet": "x" * len(asked["sheet"])}
        assert self.callers.visit("POST", "/public/survey/answers", again).status_code == 409
        self.sheets_by_rest[layer] += 1
        self.sheets += 1
