"""Diagrams that the page and REST tests run: a liaison fills, a head signs, the office claims."""

import orjson

from tests.engine.runtime.world import FORMS, World, in_a_row, user

TWO_STEPS = in_a_row(
    user("fill", "unit.liaison", name="填报目标", due='= date("2018-03-09")'),
    user(
        "sign", "unit.head", name="签发目标", form_id="review", outcomes="approve:同意,reject:不同意",
        opinion="required:reject", verbs="return_to",
    ),
)  # fmt: skip
CLAIMED = in_a_row(
    user("check", "assessor.office.staff", name="核对目标", groups='= [post(assessor, "office.staff")]')
)


def proof_form(accept: str = "") -> bytes:
    """A form with a required figure and a file field."""
    fields = [
        {"type": "number", "key": "value", "id": "f1", "label": "年末目标", "validate": {"required": True}},
        {"type": "filepicker", "key": "proof", "id": "f2", "label": "依据", "multiple": True}
        | ({"accept": accept} if accept else {}),
    ]
    return orjson.dumps(
        {"id": "proof", "type": "default", "schemaVersion": 18, "name": "proof", "components": fields}
    )


def deploy_proof(world: World, *, accept: str = "") -> None:
    """A process whose first step asks for a figure and its proof."""
    prove = user("prove", "unit.liaison", name="上传依据", form_id="proof")
    process = in_a_row(prove, user("sign", "unit.head"))
    files = {"planning.bpmn": process, "proof.form": proof_form(accept), "target.form": FORMS["target.form"]}
    world.engine.deploy(files)
