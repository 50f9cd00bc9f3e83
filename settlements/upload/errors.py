"""What is wrong with a file, a row or a cell, said so that a person can repair it."""

from __future__ import annotations

from typing import NamedTuple

from core.errors import Conflict, InvalidRequest
from core.tables import BadCell, place
from core.tables import TableRefused as UploadRefused

__all__ = [
    "AlreadyCorrected",
    "BadCell",
    "BadRow",
    "FileAlreadyUploaded",
    "MappingNameTaken",
    "MappingRefused",
    "NotRegisteredYet",
    "Rejection",
    "UploadRefused",
    "place",
]


class FileAlreadyUploaded(Conflict):
    """`uploadId`: where the same bytes came in first."""

    message = "등록하지 않았습니다. 같은 파일을 이미 올렸습니다."


class AlreadyCorrected(Conflict):
    """`uploadId`: where the rejected rows of the same file were corrected first."""

    message = "등록하지 않았습니다. 이 파일의 반려된 행은 이미 고쳐 올렸습니다."


class NotRegisteredYet(Conflict):
    """`uploadId`: the upload whose rejected rows these are, itself not finished: one of its
    wrong rows may still become right and be registered by both."""

    message = "등록하지 않았습니다. 원래 파일의 정상 행을 먼저 등록하거나 취소해 주세요."


class MappingRefused(InvalidRequest):
    """A column mapping that makes no sense. Nothing was read with it."""


class MappingNameTaken(Conflict):
    message = "저장하지 않았습니다. 같은 이름이나 같은 머리글의 열 설정이 이미 있습니다."


class BadRow(Exception):
    """One row cannot be taken because of the column `key` ('' for the row as a whole)."""

    def __init__(self, number: int, key: str, code: str, problem: str) -> None:
        self.number, self.key, self.code, self.problem = number, key, code, problem
        super().__init__(problem)


class Rejection(NamedTuple):
    """Why one row was not taken. `column` is the heading as the file has it, or empty."""

    row: int
    column: str
    code: str
    problem: str

    @property
    def message(self) -> str:
        return f"{place(self.row, self.column)}{self.problem}"
