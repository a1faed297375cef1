"""Uploads: judged by their bytes, named safely, refused in a sentence."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.files import AcceptedFile, RefusedFile, check_upload, clean_name, kinds_of, size_in_words

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504


def office(*members: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as package:
        for member in members:
            package.writestr(member, "<x/>")
    return packed.getvalue()


def stream(name: str) -> bytes:
    return OLE + name.encode("utf-16-le") + b"\0" * 20


GOOD = {
    "纪要.pdf": b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n",
    "照片.png": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1",
    "照片.JPEG": b"\xff\xd8\xff\xe0\0\x10JFIF",
    "方案.docx": office("[Content_Types].xml", "word/document.xml"),
    "指标.xlsx": office("[Content_Types].xml", "xl/workbook.xml"),
    "旧方案.doc": stream("WordDocument"),
    "旧指标.xls": stream("Workbook"),
    "说明.txt": "第一行\r\n第二行".encode(),
    "国标.txt": "哈尔滨市".encode("gb18030"),
    "带标记.csv": b"\xef\xbb\xbf" + "名称,值".encode(),
}


@pytest.mark.parametrize("name", GOOD)
def test_real_files_are_accepted(name: str) -> None:
    accepted = check_upload(name, GOOD[name])
    assert isinstance(accepted, AcceptedFile)
    assert accepted.name == name
    assert accepted.size == len(GOOD[name])
    assert accepted.kind == name.rpartition(".")[2].lower().replace("jpeg", "jpg")


@pytest.mark.parametrize("name", GOOD)
@pytest.mark.parametrize("ending", ["pdf", "png", "jpg", "docx", "xlsx", "doc", "xls"])
def test_a_changed_ending_deceives_nobody(name: str, ending: str) -> None:
    true_kind = name.rpartition(".")[2].lower().replace("jpeg", "jpg")
    result = check_upload(f"文件.{ending}", GOOD[name])
    assert isinstance(result, AcceptedFile) == (true_kind == ending)


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("空.pdf", b"", "empty"),
        ("程序.exe", b"MZ", "type"),
        ("页面.html", b"<script>", "type"),
        ("图.svg", b"<svg onload=alert(1)>", "type"),
        ("没有扩展名", b"abc", "type"),
        ("半.pdf", b"%PDF-1.7 cut off", "content"),
        ("半.docx", office("[Content_Types].xml", "word/document.xml")[:-30], "content"),
        ("压缩.docx", office("a.txt"), "content"),
        ("宏.xlsx", office("[Content_Types].xml", "xl/workbook.xml", "xl/vbaProject.bin"), "content"),
        ("表.docx", office("[Content_Types].xml", "xl/workbook.xml"), "content"),
        ("邮件.doc", stream("__properties_version1.0"), "content"),
        ("二进制.txt", b"abc\x00def", "content"),
        ("乱码.csv", b"\xff\xff\xff", "content"),
    ],
)
def test_everything_else_is_refused_in_a_sentence(name: str, content: bytes, code: str) -> None:
    refused = check_upload(name, content)
    assert isinstance(refused, RefusedFile)
    assert refused.code == code
    assert refused.message.startswith(f"“{name}”")
    assert refused.message.endswith("。")


def test_the_size_limit_is_told_in_megabytes() -> None:
    refused = check_upload("大.txt", b"a" * 2_621_440, limit=1024 * 1024)
    assert isinstance(refused, RefusedFile)
    assert refused.message == "“大.txt”为 2.5 MB，超过 1 MB 的上限，没有上传。请压缩或拆分后再传。"


def test_a_size_just_above_the_limit_does_not_read_like_the_limit() -> None:
    megabyte = 1024 * 1024
    for whole, says in ((None, "1.1 MB"), (megabyte + 1, "1.1 MB"), (21 * megabyte, "21.0 MB")):
        refused = check_upload("大.txt", b"a" * (megabyte + 1), limit=megabyte, whole=whole)
        assert isinstance(refused, RefusedFile)
        assert f"为 {says}，超过 1 MB 的上限" in refused.message


def test_a_form_may_take_fewer_kinds() -> None:
    assert kinds_of(".pdf, image/*") == {"pdf", "png", "jpg"}
    assert "xlsx" in kinds_of("")
    refused = check_upload("说明.txt", b"abc", kinds=kinds_of(".pdf,.docx"))
    assert isinstance(refused, RefusedFile)
    assert refused.message == "“说明.txt”的类型不能上传。可以上传：pdf、docx。"


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\文档\\纪要.pdf", "纪要.pdf"),
        ('a<b>:"c|?*.txt', "a_b_c_.txt"),
        ("\u202efdp.exe", "fdp.exe"),
        ("CON.txt", "CON_.txt"),
        ("  纪要 \n.pdf ", "纪要.pdf"),
        ("", "未命名"),
        ("...", "未命名"),
        ("a\x00b.pdf", "ab.pdf"),
    ],
)
def test_names_are_made_safe(name: str, clean: str) -> None:
    assert clean_name(name) == clean


def test_a_very_long_name_keeps_its_ending() -> None:
    clean = clean_name("长" * 300 + ".pdf")
    assert clean.endswith(".pdf")
    assert len(clean) <= 120


def test_sizes_in_words() -> None:
    assert [size_in_words(size) for size in (12, 2048, 1_572_864)] == ["12 字节", "2 KB", "1.5 MB"]


@given(st.text(), st.binary(max_size=200))
def test_no_upload_makes_the_check_fail_and_no_name_stays_dangerous(name: str, content: bytes) -> None:
    result = check_upload(name, content)
    assert result.name
    assert not set(result.name) & set('/\\<>:"|?*\n\r\0')
    assert not result.name.startswith(".")
