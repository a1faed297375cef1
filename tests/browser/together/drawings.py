"""The processes of the town: each verb has a step that was drawn for it."""

from tests.engine.runtime.world import FORMS, form, in_a_row, user

BOTH = "approve:同意,return:退回"
GROUP = '= [post(assessor, "office.staff")]'
TRIO = '= [post(unit, "vice_head"), post(unit, "head")]'
DECISION = ("value", "meeting", "decided_on", "document_number")


def _as(key: str, name: str) -> str:
    return f'id="{key}" name="{name}"'


def _withdrawable(drawn: bytes) -> bytes:
    subject = b'<zeebe:property name="bihuan:subject" value="= unit.id" />'
    return drawn.replace(subject, subject + b'<zeebe:property name="bihuan:withdraw" value="yes" />')


REPORTING = _withdrawable(
    in_a_row(
        user("fill", "unit.liaison", name="填报数据", verbs="hand_over", handOverTo="assessor"),
        user(
            "check", "unit.head", name="审核数据", form_id="review", outcomes=BOTH, opinion="required:return",
            verbs="return_to,hand_over,ask,add_before,add_after",
        ),
        user("close", "assessor.office.reviewer", name="办结数据"),
        process=_as("reporting", "数据上报"),
    )
)  # fmt: skip
"""填报 by the liaison, 审核 by the head, 办结 by the office."""
SIGNING = in_a_row(
    user(
        "sign", "unit.head", name="会签意见", form_id="review", outcomes=BOTH, vote="all", signers=TRIO,
        verbs="add_signer,remove_signer",
    ),
    process=_as("signing", "意见会签"),
)  # fmt: skip
CLAIMING = in_a_row(
    user("check", "assessor.office.staff", name="核对数据", groups=GROUP), process=_as("claiming", "数据核对")
)
REGISTERING = in_a_row(
    user(
        "decide", "assessor.committee.secretary", name="登记决定", form_id="decision",
        verbs="register_for", registers="市综合考评委员会",
    ),
    process=_as("registering", "决定登记"),
)  # fmt: skip
FILES = {
    "reporting.bpmn": REPORTING,
    "signing.bpmn": SIGNING,
    "claiming.bpmn": CLAIMING,
    "registering.bpmn": REGISTERING,
    **FORMS,
    "decision.form": form("decision", *DECISION),
}
