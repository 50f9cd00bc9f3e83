"""Files sent to the API: the body itself, or `file` of a form. Kept on disk, never in memory."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from tempfile import TemporaryFile
from typing import Any

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.core.files import File
from django.http import HttpRequest
from django.http.multipartparser import MultiPartParserError
from django.http.request import UnreadablePostError

from core.api.errors import BodyTooLarge
from core.errors import InvalidRequest

CHUNK_BYTES = 1 << 16


@dataclass(frozen=True)
class Received:
    """A file and what was said beside it: form fields, else query parameters."""

    file: File[bytes]
    said: dict[str, str]

    @cached_property
    def fingerprint(self) -> bytes:
        """Stands for the body where two requests are compared."""
        digest = hashlib.sha256()
        for chunk in self.file.chunks():
            digest.update(chunk)
        self.file.seek(0)
        return repr((digest.hexdigest(), sorted(self.said.items()))).encode()


def receive(request: HttpRequest) -> Received:
    """Raises BodyTooLarge above API_FILE_MAX_BYTES, InvalidRequest when no file came."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > settings.API_FILE_MAX_BYTES:
        raise BodyTooLarge()
    said = {name: str(value) for name, value in request.GET.items()}
    try:
        if request.content_type == "multipart/form-data":
            return _from_form(request, said)
        return Received(_spooled(request, said.get("fileName", "orders")), said)
    except (MultiPartParserError, SuspiciousOperation, UnreadablePostError) as error:
        raise InvalidRequest("등록하지 않았습니다. 파일을 끝까지 받지 못했습니다.") from error


def _from_form(request: HttpRequest, said: dict[str, str]) -> Received:
    found = request.FILES.get("file")
    if found is None or isinstance(found, list):
        raise InvalidRequest("등록하지 않았습니다. file 항목에 파일을 담아 주세요.")
    fields = {name: str(value) for name, value in request.POST.items()}
    return Received(found, said | fields)


def _spooled(request: HttpRequest, name: str) -> File[bytes]:
    file: Any = TemporaryFile()  # noqa: SIM115  lives as long as the request
    for chunk in _chunks(request):
        file.write(chunk)
    if not file.tell():
        raise InvalidRequest("등록하지 않았습니다. 본문에 파일이 없습니다.")
    file.seek(0)
    return File(file, name=name)


def _chunks(request: HttpRequest) -> Iterator[bytes]:
    size = 0
    while chunk := request.read(CHUNK_BYTES):
        size += len(chunk)
        if size > settings.API_FILE_MAX_BYTES:
            raise BodyTooLarge()
        yield chunk
