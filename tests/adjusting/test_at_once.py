"""Two people press at the same moment: one case is opened, the other person is told why not."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from processes.adjusting.asking import ChangeRefused, ask_adjustment
from tests.adjusting.city import AIR, ChangeCity


def test_two_applications_at_once_open_one_case(city: ChangeCity) -> None:
    target, people = city.target(AIR, "KPI08"), ("u39.liaison", "office.staff")
    together = Barrier(len(people))

    def press(login: str) -> str:
        together.wait(timeout=30)
        try:
            with city.engine.database.write() as connection:
                asker = "unit" if login.startswith("u39") else "office"
                ask_adjustment(connection, target, asker=asker, by=city.people[login], at=city.clock.now())
        except ChangeRefused as refused:
            return str(refused)
        return ""

    with ThreadPoolExecutor(len(people)) as pool:
        answers = sorted(pool.map(press, people))
    assert answers == ["", "这项目标的调整正在办理，请等办结以后再提。"]
    assert city.scalar("select count(*) from change_case") == 1
