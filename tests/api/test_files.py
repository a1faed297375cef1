"""Who is given an attachment: one of a draft, one that was handed in, one that was left out."""

from datetime import date

import pytest

from engine.people.memberships import end_membership, memberships_of
from engine.verbs.door import act
from engine.verbs.visit import Request as VerbRequest
from engine.work import inbox
from tests.api.conftest import Browse
from tests.api.diagrams import proof_form
from tests.engine.bpmn.lint_diagrams import END, START, diagram, flow
from tests.engine.runtime.world import FORMS, SUBJECT, World, in_a_row, user

API = "/api/v1"
EVERYBODY = ("cai", "fa", "ling", "tou", "kao", "ling2", "tou2", "wei", "")


def deploy(world: World, process: bytes) -> None:
    proof = proof_form()
    world.engine.deploy({"planning.bpmn": process, "proof.form": proof, "target.form": FORMS["target.form"]})
    world.start()


@pytest.fixture
def sisters(world: World) -> World:
    """Two desks without any right over units prove side by side: 财政 (cai) and 法制 (fa); the head signs."""
    pairs = [("begun", "fork"), ("fork", "finance"), ("fork", "legal"), ("finance", "joined"),
             ("legal", "joined"), ("joined", "sign"), ("sign", "done")]  # fmt: skip
    deploy(
        world,
        diagram(
            SUBJECT,
            START,
            '<bpmn:parallelGateway id="fork" name="" />',
            user("finance", "assessor.review.finance", name="财政举证", form_id="proof"),
            user("legal", "assessor.review.legal", name="法制举证", form_id="proof"),
            '<bpmn:parallelGateway id="joined" name="" />',
            user("sign", "unit.head"),
            END,
            *[flow(f"{a}_{b}", a, b) for a, b in pairs],
            process='id="planning" name="目标制定"',
        ),
    )
    return world


def upload(browse: Browse, login: str, item_id: str, *, name: str = "依据.pdf") -> str:
    answer = browse(login).post(
        f"{API}/work-items/{item_id}/files",
        files={"file": (name, b"%PDF-1.4\n%%EOF\n")},
        data={"field": "proof"},
    )
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def given_to(browse: Browse, file_id: str) -> list[str]:
    """Who of EVERYBODY gets the file; everybody else is told that there is none."""
    answers = {login: browse(login).get(f"/files/{file_id}").status_code for login in EVERYBODY}
    assert {code for login, code in answers.items() if login} <= {200, 404}
    assert answers[""] == 303, "the public is asked to log in"
    return [login for login, code in answers.items() if code == 200]


def test_a_draft_is_its_uploaders_and_what_is_handed_in_belongs_to_the_history(
    sisters: World, browse: Browse
) -> None:
    item = sisters.item("cai")
    kept = upload(browse, "cai", item.item_id)
    left_out = upload(browse, "cai", item.item_id, name="草稿.pdf")
    assert given_to(browse, kept) == ["cai"]
    sent = browse("cai").post(
        f"{API}/work-items/{item.item_id}/complete",
        json={"version": 1, "fields": {"value": 49, "proof": [kept]}},
    )
    assert sent.status_code == 200, sent.text
    assert given_to(browse, kept) == ["cai", "fa", "ling", "tou", "kao"]
    assert given_to(browse, left_out) == ["cai"]
    page = browse("tou").get(f"/instances/{item.instance_id}").text
    assert kept in page
    assert left_out not in page


def test_a_files_name_is_not_told_to_who_guesses_its_id(sisters: World, browse: Browse) -> None:
    kept = upload(browse, "cai", sisters.item("cai").item_id, name="机密名称.pdf")
    mine = sisters.item("fa").item_id
    sister = browse("fa")
    sister.post(f"/tasks/{mine}/save_draft", data={"version": "1", "value": "1", "proof": kept})
    assert "机密名称" not in sister.get(f"/tasks/{mine}").text
    body = {"version": 1, "fields": {"value": 1, "proof": [kept]}}
    assert sister.post(f"{API}/work-items/{mine}/complete", json=body).status_code == 200
    assert not sisters.scalar("select count(*) from work_text where content_text like :id", id=f"%{kept}%")
    assert given_to(browse, kept) == ["cai"]


def test_a_draft_goes_with_the_desk(world: World, browse: Browse) -> None:
    groups = '= [post(assessor, "office.staff")]'
    deploy(world, in_a_row(user("check", "assessor.office.staff", form_id="proof", groups=groups)))
    [row] = _claimable(world, "ban1")
    act(world.engine, world.person("ban1"), row, "claim", VerbRequest(version=1))
    kept = upload(browse, "ban1", row)
    assert browse("ban2").get(f"/files/{kept}").status_code == 404
    assert browse("kao").get(f"/files/{kept}").status_code == 404
    act(world.engine, world.person("ban1"), row, "unclaim", VerbRequest(version=2))
    assert browse("ban2").get(f"/files/{kept}").status_code == 200
    assert browse("ban1").get(f"/files/{kept}").status_code == 200


def test_who_left_gets_no_more_of_their_own_drafts(sisters: World, browse: Browse) -> None:
    kept = upload(browse, "cai", sisters.item("cai").item_id)
    with sisters.engine.database.write() as connection:
        [held] = memberships_of(connection, sisters.people["cai"])
        end_membership(connection, held.id, until_on=date(2018, 2, 28))
    assert browse("cai").get(f"/files/{kept}").status_code == 404


def _claimable(world: World, login: str) -> list[str]:
    with world.engine.database.read() as connection:
        return [row.item_id for row in inbox.claimable(connection, world.person(login)).items]
