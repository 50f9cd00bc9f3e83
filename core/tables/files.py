"""What kind of file it is, by its content alone, and its rows one at a time.

Text is UTF-8 when the whole file is valid UTF-8; else CP949 when the whole file is valid CP949
and did not begin as Korean UTF-8 (a damaged UTF-8 file may pass for CP949); else refused. A
workbook is turned into CSV by a process of its own (sheet.py): all behind this module reads CSV.
"""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
import re
from collections.abc import Generator, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from typing import BinaryIO, Literal, NamedTuple

from django.utils.translation import gettext as _

from core.tables import workbooks
from core.tables.errors import TableRefused

MAX_FILE_BYTES = 1024 * 1024 * 1024
MAX_LINE_BYTES = 128 * 1024
BLOCK = 1024 * 1024

NOT_TABLES = (
    (b"%PDF", "PDF 파일입니다."),
    (b"\xd0\xcf\x11\xe0", "예전 엑셀(.xls) 파일이거나 암호가 걸린 통합 문서입니다."),
    (b"\xff\xfe", "유니코드(UTF-16) 텍스트입니다."),
    (b"\xfe\xff", "유니코드(UTF-16) 텍스트입니다."),
    (b"\x1f\x8b", "압축 파일입니다."),
    (b"<", "웹 페이지(HTML·XML)를 엑셀 이름으로 저장한 파일입니다."),
)
HANGUL = re.compile("[가-힣]")
ADVICE = "엑셀에서 'CSV UTF-8' 또는 '.xlsx'로 다시 저장해 주세요."

Kind = Literal["csv", "xlsx"]
Encoding = Literal["utf-8-sig", "cp949"]


@dataclass(frozen=True)
class Signature:
    """What a file is; the same bytes always give the same one."""

    kind: Kind
    encoding: Encoding
    sha256: str
    size_bytes: int


def examine(file: BinaryIO) -> Signature:
    """Read the file once and say what it is. Raises TableRefused for what we never take."""
    file.seek(0)
    head = file.read(4096)
    if not head.strip():
        raise TableRefused("EMPTY", "빈 파일입니다.")
    if head.startswith(b"PK"):
        workbooks.refuse_dangerous(file)
        return _signature(file, "xlsx", "utf-8-sig")
    for magic, what in NOT_TABLES:
        if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(magic):
            raise TableRefused("NOT_A_TABLE", what, ADVICE)
    return _signature(file, "csv", _encoding(file))


@contextmanager
def opened(
    file: BinaryIO, signature: Signature, sheets: Sequence[str] = ()
) -> Iterator[Iterator[tuple[int, list[str]]]]:
    """The rows of an examined file as (row number as a spreadsheet counts, cells); of a workbook
    the sheet with one of these names, else the first visible one."""
    with ExitStack() as stack:
        if signature.kind == "xlsx":
            file = stack.enter_context(workbooks.as_csv(file, signature.sha256, sheets))
        encoding = "utf-8-sig" if signature.kind == "xlsx" else signature.encoding
        yield stack.enter_context(closing(_rows(file, encoding)))


def header_of(rows: Iterator[tuple[int, list[str]]]) -> Sequence[str]:
    """The first row. Raises TableRefused when nothing follows it."""
    _, header = next(rows, (0, []))
    if not any(cell.strip() for cell in header):
        raise TableRefused("HEADER", "첫 행에 머리글이 없습니다.", row=1)
    return header


def _rows(file: BinaryIO, encoding: Encoding) -> Generator[tuple[int, list[str]], None, None]:
    file.seek(0)
    text = io.TextIOWrapper(file, encoding, newline="")
    number = 0
    try:
        for number, cells in enumerate(csv.reader(text, strict=True), start=1):
            yield number, cells
    except csv.Error as error:
        raise TableRefused(
            "CSV", "따옴표가 닫히지 않았거나 칸을 나눈 방식이 잘못되었습니다.", row=number + 1
        ) from error
    finally:
        text.detach()


def _blocks(file: BinaryIO) -> Iterator[bytes]:
    file.seek(0)
    while block := file.read(BLOCK):
        yield block


def _signature(file: BinaryIO, kind: Kind, encoding: Encoding) -> Signature:
    digest, size = hashlib.sha256(), 0
    for block in _blocks(file):
        digest.update(block)
        size += len(block)
    return Signature(kind, encoding, digest.hexdigest(), size)


def _encoding(file: BinaryIO) -> Encoding:
    _refuse_oversized(file)
    utf8 = _failure(file, "utf-8")
    if utf8 is None:
        return "utf-8-sig"
    if not utf8.after_hangul and _failure(file, "cp949") is None:
        return "cp949"
    problem = "글자를 읽을 수 없습니다. UTF-8도 CP949도 아닙니다."
    raise TableRefused("ENCODING", problem, ADVICE, row=utf8.row)


class Failure(NamedTuple):
    row: int
    after_hangul: bool


def _failure(file: BinaryIO, encoding: str) -> Failure | None:
    """Where the bytes stop being text in this encoding."""
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    row, after_hangul = 1, False
    try:
        for block in _blocks(file):
            after_hangul = bool(HANGUL.search(decoder.decode(block))) or after_hangul
            row += block.count(b"\n")
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        readable = error.object[: error.start]
        after_hangul = after_hangul or bool(HANGUL.search(readable.decode(encoding, "ignore")))
        return Failure(row + readable.count(b"\n"), after_hangul)
    return None


def _refuse_oversized(file: BinaryIO) -> None:
    """One pass over the bytes: total size, control bytes, a line without end."""
    size, row, tail = 0, 1, 0
    for block in _blocks(file):
        size += len(block)
        if size > MAX_FILE_BYTES:
            problem = _("파일은 %(size)s MB까지입니다. 나누어 올려 주세요.")
            raise TableRefused("TOO_BIG", problem % {"size": f"{MAX_FILE_BYTES // BLOCK:,}"})
        if b"\0" in block:
            problem = "표로 읽을 수 없는 파일입니다."
            raise TableRefused("NOT_A_TABLE", problem, ADVICE, row=row)
        lines = block.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
        lengths = [tail + len(lines[0]), *map(len, lines[1:])]
        if max(lengths) > MAX_LINE_BYTES:
            too_long = next(i for i, length in enumerate(lengths) if length > MAX_LINE_BYTES)
            problem = _("한 행이 %(size)s KB를 넘습니다. 줄바꿈이 있는지 확인해 주세요.")
            raise TableRefused(
                "LINE_TOO_LONG",
                problem % {"size": f"{MAX_LINE_BYTES // 1024:,}"},
                row=row + too_long,
            )
        tail = lengths[-1]
        row += len(lines) - 1
