"""XLSX: refuse what is dangerous, then let a process of its own turn it into CSV."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
from contextvars import ContextVar
from pathlib import Path
from typing import BinaryIO

from django.utils.translation import gettext as _

from core.tables.errors import TableRefused

MAX_ENTRIES = 1_000
MAX_UNPACKED_BYTES = 1024 * 1024 * 1024
MAX_RATIO = 200
SMALL_BYTES = 8 * 1024 * 1024
"""Below this a high ratio is no bomb: an empty, formatted sheet packs a thousandfold."""

CONVERSION_SECONDS = 300
PROJECT = Path(__file__).resolve().parent.parent.parent


def refuse_dangerous(file: BinaryIO) -> None:
    """Macros, bombs, entities and archives that are no workbook (before anything parses them)."""
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
            _refuse_names([entry.filename for entry in entries])
            _refuse_bombs(archive, entries)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError) as error:
        raise TableRefused("XLSX", "깨진 엑셀 파일입니다. 다시 저장해 주세요.") from error
    except RuntimeError as error:
        raise TableRefused("PASSWORD", "암호가 걸린 파일입니다. 암호를 풀어 주세요.") from error


def _refuse_names(names: list[str]) -> None:
    if "xl/workbook.xml" not in names:
        raise TableRefused("NOT_A_TABLE", "엑셀(.xlsx) 파일이 아닌 압축 파일입니다.")
    if any(name.lower().endswith(("vbaproject.bin", "vbadata.xml")) for name in names):
        raise TableRefused(
            "MACRO", "매크로가 든 통합 문서는 받지 않습니다. '.xlsx'로 다시 저장해 주세요."
        )
    if len(names) > MAX_ENTRIES:
        sentence = _("파일 안의 조각이 %(count)s개를 넘습니다.")
        raise TableRefused("ZIP_BOMB", sentence % {"count": f"{MAX_ENTRIES:,}"})


def _refuse_bombs(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> None:
    unpacked = 0
    for entry in entries:
        if entry.file_size > _allowance(entry.compress_size):
            _bomb()
        with archive.open(entry) as part:
            while block := part.read(1024 * 1024):
                unpacked += len(block)
                if b"<!DOCTYPE" in block or b"<!ENTITY" in block:
                    raise TableRefused("ENTITY", "XML 선언이 든 엑셀 파일은 받지 않습니다.")
                if unpacked > MAX_UNPACKED_BYTES:
                    _bomb()


def _allowance(compressed_bytes: int) -> int:
    return min(MAX_UNPACKED_BYTES, max(SMALL_BYTES, compressed_bytes * MAX_RATIO))


def _bomb() -> None:
    raise TableRefused("ZIP_BOMB", "압축을 풀면 너무 커지는 파일입니다. CSV로 올려 주세요.")


class Conversions(ExitStack):
    """What was already asked of workbooks; the files of it go when this closes."""

    def __init__(self) -> None:
        super().__init__()
        self._sheets: dict[tuple[str, ...], Path] = {}
        self._names: dict[str, list[str]] = {}

    def sheet(self, file: BinaryIO, sha256: str, sheets: Sequence[str]) -> Path:
        """The chosen sheet as UTF-8 CSV."""
        key = (sha256, *sheets)
        if key not in self._sheets:
            target = Path(self._folder(), "out.csv")
            _run([*self._copy(file), str(target), *(name.strip().lower() for name in sheets)])
            self._sheets[key] = target
        return self._sheets[key]

    def names(self, file: BinaryIO, sha256: str) -> list[str]:
        """The visible sheets, in their order."""
        if sha256 not in self._names:
            self._names[sha256] = [str(name) for name in json.loads(_run(self._copy(file)))]
        return self._names[sha256]

    def _folder(self) -> str:
        return self.enter_context(tempfile.TemporaryDirectory(prefix="jeongsan-sheet-"))

    def _copy(self, file: BinaryIO) -> list[str]:
        source = Path(self._folder(), "in.xlsx")
        file.seek(0)
        with source.open("wb") as copy:
            shutil.copyfileobj(file, copy)
        return [str(source)]


_kept: ContextVar[Conversions | None] = ContextVar("conversions", default=None)


@contextmanager
def converted_once() -> Iterator[None]:
    """Within, a workbook is converted once, however often it is opened: it takes seconds."""
    with Conversions() as conversions:
        token = _kept.set(conversions)
        try:
            yield
        finally:
            _kept.reset(token)


@contextmanager
def _conversions() -> Iterator[Conversions]:
    kept = _kept.get()
    with nullcontext(kept) if kept else Conversions() as conversions:
        yield conversions


@contextmanager
def as_csv(file: BinaryIO, sha256: str, sheets: Sequence[str]) -> Iterator[BinaryIO]:
    """The chosen sheet as UTF-8 CSV; the reader of the workbook may die, we do not."""
    with _conversions() as conversions, conversions.sheet(file, sha256, sheets).open("rb") as csv:
        yield csv


def sheet_names(file: BinaryIO, sha256: str) -> list[str]:
    """The visible sheets, in their order."""
    with _conversions() as conversions:
        return conversions.names(file, sha256)


def _run(arguments: Sequence[str]) -> str:
    command = [sys.executable, "-m", "core.tables.sheet", *arguments]
    try:
        outcome = subprocess.run(
            command,
            cwd=PROJECT,
            timeout=CONVERSION_SECONDS,
            capture_output=True,
            text=True,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise TableRefused("XLSX", "읽는 데 너무 오래 걸립니다. CSV로 올려 주세요.") from error
    if outcome.returncode:
        problem = outcome.stdout.strip() or "읽을 수 없는 엑셀 파일입니다. CSV로 올려 주세요."
        raise TableRefused("XLSX", problem)
    return outcome.stdout
