"""Browsers and programs in front of the city: who answers, who organises, who votes."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient
from httpx import Response

from api.app import create_app
from api.house import password_rules
from api.settings import Settings
from engine.people.login import set_password
from engine.people.passwords import Passwords
from tests.evaluation.survey.city import SurveyCity

PASSWORD = "一句记得住的话 2018"
JSON = {"accept": "application/json"}


def settings_for(city: SurveyCity, folder: Path, **more: Any) -> Settings:
    """Cheap passwords, every request logged."""
    return Settings(
        database_url=city.engine.database.url.render_as_string(hide_password=False),
        data_dir=folder,
        argon2_time=1,
        argon2_memory_kib=8,
        argon2_parallelism=1,
        log_level="debug",
        log_format="json",
        **more,
    )


@contextmanager
def site(city: SurveyCity, folder: Path, **more: Any) -> Iterator["Site"]:
    """The application in front of the city."""
    settings = settings_for(city, folder, **more)
    app = create_app(settings, city.engine)
    with TestClient(app, follow_redirects=False) as client:
        yield Site(city, client, settings)


class Site:
    """One client; `log_in` gives the headers of a person."""

    def __init__(self, city: SurveyCity, client: TestClient, settings: Settings) -> None:
        self.city = city
        self.client = client
        self.settings = settings

    def log_in(self, login: str) -> dict[str, str]:
        """The headers of a logged-in person."""
        kept = Passwords(password_rules(self.settings)).hash(PASSWORD)
        with self.city.engine.database.write() as connection:
            set_password(connection, self.city.people[login], kept, must_change=False)
        answer = self.client.post("/login", data={"login": login, "password": PASSWORD})
        assert answer.status_code == 303, answer.text
        session = answer.cookies["bihuan_session"]
        self.client.cookies.clear()
        return {"cookie": f"bihuan_session={session}", **JSON}

    def open_sheet(self, code: str) -> dict[str, Any]:
        """The questionnaire of a code, with the sheet's secret."""
        answer = self.client.post("/api/v1/public/survey/questionnaire", json={"code": code})
        assert answer.status_code == 200, answer.text
        sheet: dict[str, Any] = answer.json()
        return sheet

    def send(self, code: str, sheet: str, marks: Mapping[str, str], *words: str) -> Response:
        """Send a sheet about units by name."""
        given = {self.city.demo.units[name]: mark for name, mark in marks.items()}
        opinions = [{"text": text} for text in words]
        sent = {"code": code, "sheet": sheet, "answers": given, "opinions": opinions}
        answer: Response = self.client.post("/api/v1/public/survey/answers", json=sent)
        return answer
