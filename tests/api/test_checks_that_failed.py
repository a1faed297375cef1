"""A check in the diagram that finds something: the person stays with the work and reads what to correct."""

from fastapi.testclient import TestClient
from lxml import html

from api.inbox.straight_back import goes_on_by_choice
from api.library import library_files
from engine.bpmn.model import ProcessModel
from engine.bpmn.reader import read_model
from tests.api.conftest import Browse
from tests.databases import ON_SQLITE
from tests.processes.city import City


def drawn(name: str) -> ProcessModel:
    """A process of the library, as its diagram draws it."""
    [(file, data)] = [(file, data) for file, data in library_files().items() if file.endswith(f"{name}.bpmn")]
    return read_model(data, file=file).processes[name]


def test_going_on_by_choice_is_not_called_a_check_that_failed() -> None:
    # 继续整改 leads back over a gateway; the plan of a unit comes back from a rule that found something.
    assert goes_on_by_choice(drawn("rectification_round"), "report_progress")
    assert not goes_on_by_choice(drawn("unit_targets"), "collate_targets")


def send_collated(client: TestClient, item_id: str, *, weight: str) -> str:
    """Add a function indicator of `weight` to the form as the page shows it, submit; the next address."""
    page = html.document_fromstring(client.get(f"/tasks/{item_id}").text)
    assert isinstance(page, html.HtmlElement)
    [form] = [form for form in page.forms if form.get("id") == "task"]
    data = {name: value for name, value in form.form_values() if name}
    first = "functions.0."
    row = {"title": "平台建设", "text": "建成", "weight": weight, "responsible": "王五", "measures": "分步"}
    data |= {first + key: value for key, value in row.items()}
    answer = client.post(f"/tasks/{item_id}/complete", data=data)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


@ON_SQLITE
def test_weights_that_do_not_add_up_bring_the_work_back_at_once_with_the_reason(
    city: City, visit: Browse
) -> None:
    city.start("U01")
    city.complete("u01.liaison", "assign_divisions", fields=city.form("u01.liaison", "assign_divisions"))
    liaison, first = visit("u01.liaison"), city.item("u01.liaison", "collate_targets").item_id
    address = send_collated(liaison, first, weight="60")
    again = city.item("u01.liaison", "collate_targets").item_id
    assert again != first
    assert address == f"/tasks/{again}?said=checked"
    page = liaison.get(address).text
    assert "检查发现要修改的地方，还没有送到下一环节。" in page
    assert "职能指标权重合计为 60，应为 100" in page
    assert "已提交" not in page
    assert "平台建设" in page
    # Corrected, it goes on and says so.
    address = send_collated(liaison, again, weight="100")
    assert address == f"/tasks/{again}?said=done"
    page = liaison.get(address).text
    assert "已提交" in page
    assert "审核年度目标" in page
    assert city.elements("u01.deputy") == ["deputy_review"]
