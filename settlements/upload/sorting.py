"""A file sorted into parts, with what can only be seen across parts: ids used twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

from settlements.upload import files
from settlements.upload.columns import ORIGIN_HEADING, Layout
from settlements.upload.errors import UploadRefused
from settlements.upload.files import Signature
from settlements.upload.grouping import read_row
from settlements.upload.leaving import LeftOut
from settlements.upload.mapping import ColumnMapping
from settlements.upload.spool import Row, Spool, part_count
from settlements.upload.table import table_of
from settlements.upload.words import Words, word_of

MAX_ROWS = 10_000_000
PROGRESS_ROWS = 10_000
SEPARATOR = "\0"
UPLOAD_IDS = "upl-"
"""Begins the id of every upload: a marketplace may have a column 원본 of its own."""

Progress = Callable[[int], None]


@dataclass(frozen=True)
class SortedFile:
    """`first_rows`: a 정산건 ID that several transfers claim → the row that may have it.
    `total_rows`: rows of sums; `left_out`: rows the mapping leaves out."""

    layout: Layout
    spool: Spool
    row_count: int
    first_rows: dict[str, int]
    total_rows: list[int]
    left_out: LeftOut


@contextmanager
def sorted_file(
    file: BinaryIO, signature: Signature, mapping: ColumnMapping, progress: Progress
) -> Iterator[SortedFile]:
    """Sort the file under a temporary folder. `progress` hears how many rows were read.

    Raises UploadRefused when the file has no rows, too many, or cannot be read to its end.
    """
    with (
        TemporaryDirectory(prefix="jeongsan-upload-") as folder,
        files.opened(file, signature, mapping.sheet) as rows,
    ):
        table = table_of(rows, mapping)
        parts = part_count(signature.size_bytes)
        spool, ids = Spool(Path(folder, "rows"), parts), Spool(Path(folder, "ids"), parts)
        own = _of_one_upload(table.rows, table.layout)
        row_count = _fill(spool, ids, own, table.layout, progress)
        if not row_count and table.left_out:
            raise UploadRefused("LEFT_OUT", "모든 행이 빼기로 정한 행입니다.")
        if not row_count:
            raise UploadRefused("EMPTY", "머리글 아래에 행이 없습니다.")
        first_rows = _first_rows(ids)
        yield SortedFile(
            table.layout, spool, row_count, first_rows, table.total_rows, table.left_out
        )


def _of_one_upload(rows: Iterator[Row], layout: Layout) -> Iterator[Row]:
    """Rejected rows of two uploads would correct one of them; the rows of the other would come
    again. Raises UploadRefused."""
    first, origin_of = "", _cell_under(layout, ORIGIN_HEADING)
    for row in rows:
        origin = origin_of(row[1]).partition(" ")[0]
        if origin.startswith(UPLOAD_IDS):
            first = first or origin
            if origin != first:
                problem = "여러 업로드의 반려 행이 섞여 있습니다. 업로드마다 나누어 올려 주세요."
                raise UploadRefused("ORIGINS", problem, row=row[0], column=ORIGIN_HEADING)
        yield row


def _cell_under(layout: Layout, heading: str) -> Callable[[list[str]], str]:
    """What a row has under a heading of the file, '' when the file or the row has no such cell."""
    names = layout.header[: layout.width]
    place = names.index(heading) if heading in names else len(names)
    return lambda cells: cells[place].strip() if place < min(len(cells), layout.width) else ""


def _fill(spool: Spool, ids: Spool, rows: Iterator[Row], layout: Layout, progress: Progress) -> int:
    payment_of, partner_of, id_of = (
        _cell(layout, key) for key in ("payment_id", "partner_id", "transfer_id")
    )
    cancellation_of = _cancellation(layout)
    count = 0
    for row in rows:
        number, cells = row
        payment_id = payment_of(cells)
        if not payment_id and not any(map(str.strip, cells)):
            continue
        key = f"{payment_id}{SEPARATOR}{partner_of(cells)}"
        spool.add(key if payment_id else str(number), row)
        transfer_id = id_of(cells)
        if transfer_id:
            whose = [key, cancellation_of(row)] if payment_id else []
            ids.add(transfer_id, (number, [transfer_id, *whose]))
        count += 1
        if count % PROGRESS_ROWS == 0:
            progress(count)
            if count > MAX_ROWS:
                raise UploadRefused("TOO_BIG", f"한 파일은 {MAX_ROWS:,}행까지입니다.")
    spool.flush()
    ids.flush()
    return count


def _cell(layout: Layout, key: str) -> Callable[[list[str]], str]:
    """What a row says in one column, '' when the file or the row has no such cell."""
    if key not in layout.keys:
        return lambda cells: ""
    place = layout.keys.index(key)
    words = layout.words.get(key)
    if words and place < layout.width:
        return lambda cells: _meant(cells[place].strip(), words) if place < len(cells) else ""
    return lambda cells: cells[place].strip() if place < len(cells) else ""


def _meant(text: str, words: Words) -> str:
    """An order and its cancel may call their partner by different words."""
    return words.get(word_of(text), text)


def _cancellation(layout: Layout) -> Callable[[Row], str]:
    """The id of a cancel as it stands in its row, or as it is made of the row."""
    if layout.makes_cancellation_ids:
        return lambda row: str(read_row(row, layout)[0].values.get("cancellation_id", ""))
    cell = _cell(layout, "cancellation_id")
    return lambda row: cell(row[1])


def _first_rows(ids: Spool) -> dict[str, int]:
    """Of each id that more than one transfer claims, the first row."""
    repeated: dict[str, int] = {}
    for part in range(ids.parts):
        claims: dict[str, tuple[int, list[str]]] = {}
        for number, (transfer_id, *whose) in ids.read(part):
            first, first_whose = claims.setdefault(transfer_id, (number, whose))
            if first != number and (not whose or whose != first_whose):
                repeated[transfer_id] = first
    return repeated
