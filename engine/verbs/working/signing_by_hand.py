"""手写签名: which picture goes with an act, where the step wants one; checked against the person's own."""

from engine.verbs.refusals import Invalid
from engine.verbs.rules import signature_offered, signature_required
from engine.verbs.visit import Visit
from engine.work.bindings import FieldError
from engine.work.signature_images import usable


def signed_with(visit: Visit, outcome: str) -> str | None:
    """The digest of the picture that the person signs with; None without one.

    Raises `Invalid` where the outcome asks for one that was not given, or for another's.
    """
    chosen, required = visit.request.signature, signature_required(visit.element, outcome)
    if not chosen:
        if required and not visit.rehearsal:
            raise _refused("required", "这个结果要附手写签名：请选一个，还没有的先在“我的签名”里手写或上传。")
        return None
    if not signature_offered(visit.element):
        raise _refused("not_offered", "此环节不用手写签名。")
    image = usable(visit.connection, visit.person.id, chosen)
    if image is None:
        raise _refused("unknown", "这个签名不是您的，或已停用：请从您自己的签名里选。")
    return image.digest


def _refused(code: str, message: str) -> Invalid:
    return Invalid(message, errors=(FieldError("signature", code, message),))
