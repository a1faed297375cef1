"""What happens once for the city: the public is heard, bodies decide in meetings."""

from datetime import timedelta

from engine.clock import today
from processes.planning import queries
from tests.processes.city import City


def consult(city: City) -> None:
    """The public comments, the time runs out, the office answers."""
    day = today(city.clock)
    with city.engine.database.write() as connection:
        consultation = queries.open_consultation(connection, today=day)
        assert consultation is not None
        queries.add_comment(
            connection,
            consultation["id"],
            text="希望公布每月空气质量",
            at=city.clock.now(),
            today=day,
            unit_id=city.demo.units["市环保局"],
        )
    city.clock.advance(timedelta(days=40))
    city.engine.drain()
    shown = city.form("office.staff", "answer_comments")
    [comment] = shown["comments"]
    assert (comment["about"], comment["text"]) == ("市环保局", "希望公布每月空气质量")
    city.complete(
        "office.staff",
        "answer_comments",
        fields={"comments": [{**comment, "adopted": "yes", "answer": "将公布"}]},
    )
    with city.engine.database.read() as connection:
        assert queries.open_consultation(connection, today=today(city.clock)) is None
        [answered] = queries.comments_of(connection, consultation["id"])
    assert (answered["adopted"], answered["answer"]) == (True, "将公布")


def decide(city: City, element: str, *, refused: dict[str, str]) -> None:
    shown = city.form("committee.secretary", element)
    results = [
        {**row, "result": "refused", "remark": refused[row["name"]]} if row["name"] in refused else row
        for row in shown["results"]
    ]
    fields = {
        "meeting": "第3次会议",
        "decided_on": today(city.clock).isoformat(),
        "document_number": "杭绩委纪要〔2018〕3号",
        "minutes": ["scan"],
        "overall": "some_refused" if refused else "all_passed",
        "results": results,
    }
    city.act("committee.secretary", "register_for", element, fields=fields, files=frozenset({"scan"}))
