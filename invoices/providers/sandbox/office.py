"""The sandbox's tax office: its clock, its faults and its timetable.

Faults are asked for in the first remark of a document:

    sandbox:reject     refused, with a reason
    sandbox:timeout    done, but the answer is lost
    sandbox:lost       never arrives, and no answer
    sandbox:late       done, no answer, and unknown to inquiries for five minutes
    sandbox:nts=ERR009 issued, but the tax office rejects the transmission with that code

or for a share of all calls with `set_faults`. A word may be put before them to choose the call:
`sandbox:approve-timeout`, `sandbox:cancel-lost`; without one they mean request and issue.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.core import signing

from core import clock
from core.clock import KST, Calendar
from core.sandbox import Book, Journal

SEND_AT = time(15, 0, tzinfo=KST)
RESULT_AFTER = timedelta(minutes=5)
LATE_BY = timedelta(minutes=5)
SHARE_OF = 10_000
CERTIFICATE_SALT = "sandbox-certificate"
CERTIFICATE_SECONDS = 600

FAULT = re.compile(r"sandbox:(?:(approve|refuse|cancel|send)-)?(reject|timeout|lost|late)")
NTS_CODE = re.compile(r"sandbox:nts=([A-Z]{3}\d{3})")


@dataclass(frozen=True)
class Fault:
    """What goes wrong in one call. Empty: nothing."""

    kind: str = ""

    @property
    def happens(self) -> bool:
        """Whether the office does what it was asked."""
        return self.kind not in {"reject", "lost"}

    @property
    def is_silent(self) -> bool:
        return self.kind in {"timeout", "lost", "late"}


def journal_path(environment: str) -> Path:
    return Path(settings.SANDBOX_DIR) / f"etax-{environment.lower()}.sqlite3"


def now(book: Book) -> datetime:
    """The office's clock: ours, moved by what `advance` was told."""
    setting = book.get("setting", "clock")
    return clock.now() + timedelta(seconds=setting.body["seconds"] if setting else 0)


def advance(journal: Journal, by: timedelta) -> None:
    """Let time pass at the office."""
    with journal.write() as book:
        setting = book.get("setting", "clock")
        seconds = (setting.body["seconds"] if setting else 0) + int(by.total_seconds())
        _set(book, "clock", {"seconds": seconds})


def set_faults(journal: Journal, shares: Mapping[str, int]) -> None:
    """How many calls of 10,000 get each fault: {"timeout": 100}."""
    with journal.write() as book:
        _set(book, "faults", dict(shares))


def _set(book: Book, key: str, body: dict[str, int]) -> None:
    if not book.put("setting", key, "", body):
        book.update("setting", key, "", body)


def fault_of(book: Book, verb: str, key: str, remarks: str) -> Fault:
    """The fault this call meets: asked for in the document, or by the configured share."""
    for asked_verb, kind in FAULT.findall(remarks):
        if asked_verb == verb or (not asked_verb and verb in {"request", "issue"}):
            return Fault(kind)
    setting = book.get("setting", "faults")
    drawn = int.from_bytes(hashlib.sha256(f"{verb}:{key}".encode()).digest()[:8]) % SHARE_OF
    for kind, share in (setting.body if setting else {}).items():
        if drawn < share:
            return Fault(kind)
        drawn -= share
    return Fault()


def certificate_token(environment: str, brn: str) -> str:
    return signing.dumps([environment, brn], salt=CERTIFICATE_SALT)


def read_certificate_token(token: str) -> tuple[str, str]:
    """Environment and registration number; raises BadSignature when forged or too old."""
    environment, brn = signing.loads(token, salt=CERTIFICATE_SALT, max_age=CERTIFICATE_SECONDS)
    return environment, brn


def nts_code_of(remarks: str) -> str:
    found = NTS_CODE.search(remarks)
    return found[1] if found else "SUC001"


def sends_at(issued_at: datetime) -> datetime:
    """15:00 of the business day after the issue (korea-rules 2.4)."""
    return datetime.combine(_calendar().after(clock.kst_date(issued_at)), SEND_AT)


@lru_cache(maxsize=1)
def _calendar() -> Calendar:
    return Calendar()
