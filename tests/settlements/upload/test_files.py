import io
import zipfile

import openpyxl
import pytest

from settlements.upload import files
from settlements.upload.errors import UploadRefused
from tests.settlements.upload.samples import ORDER, csv_file, with_entry, xlsx_file


def rows_of(file):
    with files.opened(file, files.examine(file)) as rows:
        return list(rows)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949"])
def test_every_encoding_reads_the_same(encoding):
    rows = rows_of(csv_file([ORDER], encoding=encoding))
    assert rows[0][1][0].lstrip("\ufeff") == "구분"
    assert rows[1] == (2, ORDER)


def test_a_workbook_reads_as_the_csv_would():
    import datetime as dt

    order = [*ORDER[:5], 10_000, 2, dt.datetime(2026, 10, 5, 13)]  # noqa: DTZ001
    assert rows_of(xlsx_file([order]))[1] == (
        2,
        [*ORDER[:5], "10000", "2", "2026-10-05 13:00:00"],
    )


def test_the_sheet_called_orders_is_read_whatever_its_place():
    workbook = openpyxl.Workbook()
    workbook.active.append(["안내문"])
    workbook.create_sheet("주문").append(["결제 ID"])
    file = io.BytesIO()
    workbook.save(file)
    assert rows_of(file) == [(1, ["결제 ID"])]


def test_blank_rows_and_line_breaks_in_cells_keep_the_row_numbers_of_the_spreadsheet():
    file = io.BytesIO('a,b\n"첫 줄\n둘째 줄",1\n\n마지막,2\n'.encode())
    assert [number for number, cells in rows_of(file) if cells] == [1, 2, 4]


def test_long_numbers_of_a_workbook_are_not_trusted():
    assert rows_of(xlsx_file([[2026100500001234567]], header=["a"]))[1][1][0].endswith("E+18")


def zip_of(**entries: bytes) -> io.BytesIO:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name.replace("__", "/"), content)
    return file


def xml_bomb() -> io.BytesIO:
    return with_entry(xlsx_file([ORDER]), "xl/x.xml", b'<!DOCTYPE x [<!ENTITY a "b">]>')


REFUSED = {
    "empty": (lambda: io.BytesIO(b""), "EMPTY", 0),
    "only spaces": (lambda: io.BytesIO(b" \n\r\n"), "EMPTY", 0),
    "pdf": (lambda: io.BytesIO(b"%PDF-1.7 ..."), "NOT_A_TABLE", 0),
    "old excel": (lambda: io.BytesIO(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 9), "NOT_A_TABLE", 0),
    "html named xls": (lambda: io.BytesIO(b"\r\n<html><table>"), "NOT_A_TABLE", 0),
    "utf-16": (lambda: io.BytesIO("구분,결제 ID".encode("utf-16")), "NOT_A_TABLE", 0),
    "gzip": (lambda: io.BytesIO(b"\x1f\x8b\x08rest"), "NOT_A_TABLE", 0),
    "picture": (lambda: io.BytesIO(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"), "NOT_A_TABLE", 1),
    "euc-jp": (lambda: io.BytesIO("결제 ID\n".encode() + b"ok,\xff\xff\xfe\n"), "ENCODING", 2),
    "half a character": (lambda: io.BytesIO("결제 ID\n가".encode()[:-1]), "ENCODING", 2),
    "one line": (lambda: io.BytesIO(b"a,b\n" + b"x" * 50 * 1024 * 1024), "LINE_TOO_LONG", 2),
    "zip": (lambda: zip_of(**{"orders.csv": b"a"}), "NOT_A_TABLE", 0),
    "macro": (
        lambda: with_entry(xlsx_file([ORDER]), "xl/vbaProject.bin", b"\xd0\xcf"),
        "MACRO",
        0,
    ),
    "zip bomb": (
        lambda: with_entry(xlsx_file([ORDER]), "xl/media/a.bin", b"\0" * 60 * 1024 * 1024),
        "ZIP_BOMB",
        0,
    ),
    "many parts": (
        lambda: zip_of(
            **{"xl__workbook.xml": b"<x/>"}, **{f"xl__{n}.xml": b"" for n in range(1200)}
        ),
        "ZIP_BOMB",
        0,
    ),
    "entities": (xml_bomb, "ENTITY", 0),
    "broken zip": (lambda: io.BytesIO(xlsx_file([ORDER]).getvalue()[:700]), "XLSX", 0),
}


@pytest.mark.parametrize("name", REFUSED)
def test_files_that_are_refused_before_anything_reads_them(name):
    make, code, row = REFUSED[name]
    with pytest.raises(UploadRefused) as refused:
        files.examine(make())
    assert (refused.value.code, refused.value.row) == (code, row)
    assert refused.value.message.startswith("등록한 것은 없습니다. ")


def test_a_workbook_that_lies_about_its_sizes_ends_its_reader_only():
    """A million cells that share one long string: no part is large, all of it would be."""
    cells = b'<c t="s"><v>0</v></c>' * 100
    rows = b"".join(b"<row>" + cells + b"</row>" for _ in range(10_000))
    sheet = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    long_text = b"x" * 30_000
    file = xlsx_file([ORDER])
    with zipfile.ZipFile(file) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["xl/sharedStrings.xml"] = (
        b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>'
        + long_text
        + b"</t></si></sst>"
    )
    parts["xl/worksheets/sheet1.xml"] = sheet + b"<sheetData>" + rows + b"</sheetData></worksheet>"
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    with pytest.raises(UploadRefused) as refused:
        rows_of(file)
    assert refused.value.code in {"ZIP_BOMB", "XLSX"}


@pytest.mark.parametrize(
    ("text", "row"), [('a,b\n1,2\n"열린 따옴표,3\n4,5\n', 3), ('a\n"b"c\n', 2)]
)
def test_quotes_that_do_not_close_are_named_by_row(text, row):
    with pytest.raises(UploadRefused) as refused:
        rows_of(io.BytesIO(text.encode()))
    assert (refused.value.code, refused.value.row) == ("CSV", row)
