"""E-mail: SMTP when configured, files under the mail folder otherwise.

A test workspace never mails the outside world: its letters are always files.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from email.utils import formataddr
from smtplib import (
    SMTPDataError,
    SMTPException,
    SMTPRecipientsRefused,
    SMTPResponseException,
    SMTPSenderRefused,
)
from time import monotonic

from django.conf import settings
from django.core.files.storage import default_storage
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend

from core.companies.models import Workspace
from core.notifications.channels.base import PutOff, Refused, Unreachable
from core.notifications.models import Message

OK = 250
FILES = "django.core.mail.backends.filebased.EmailBackend"
SILENCE_SECONDS = 60
"""How long a server that did not take our call is left alone, by this process."""

_silent: dict[tuple[str, int], tuple[float, str]] = {}
"""Server → until when it is left alone, and why."""


class Line:
    """One connection to the mail server for many letters; opened again after it broke."""

    def __init__(self, workspace: Workspace) -> None:
        self.writes_files = workspace.is_test or settings.EMAIL_BACKEND == FILES
        self.is_down = False
        self._backend = get_connection()

    def open(self) -> None:
        """Raises Unreachable."""
        if self.writes_files:
            settings.MAIL_DIR.mkdir(parents=True, exist_ok=True)
            return
        server = (settings.EMAIL_HOST, settings.EMAIL_PORT)
        until, why = _silent.get(server, (0, ""))
        if self.is_down or until > monotonic():
            raise Unreachable(why)
        if not self._is_alive():
            self.close()
        try:
            self._backend.open()
            self._greet()
        except OSError as error:
            self.is_down = True
            _silent[server] = monotonic() + SILENCE_SECONDS, str(error)
            self.close()
            raise Unreachable(str(error)) from error

    def close(self) -> None:
        self._backend.close()

    def send(self, message: Message) -> None:
        """Raises Unreachable, PutOff or Refused when it surely did not leave, and OSError when
        that is unknown.
        """
        self.open()
        mail = _mail(message, self._backend_of_one())
        try:
            mail.send()
        except (SMTPRecipientsRefused, SMTPSenderRefused, SMTPDataError) as error:
            self.close()  # what it makes of the next letter on this line is anyone's guess
            _raise_what_it_means(error)
            raise
        except ValueError as error:
            raise Refused(str(error)) from error
        except OSError:
            self.close()
            raise

    def _backend_of_one(self) -> BaseEmailBackend:
        """Letters that are files are a file each."""
        if self.writes_files:
            return get_connection(FILES, file_path=str(settings.MAIL_DIR))
        return self._backend

    def _greet(self) -> None:
        """Before there is a letter: who does not take our greeting has taken none."""
        talk = getattr(self._backend, "connection", None)
        if talk is not None:
            talk.ehlo_or_helo_if_needed()

    def _is_alive(self) -> bool:
        """A server may hang up after so many letters: better asked before the next than after."""
        talk = getattr(self._backend, "connection", None)
        try:
            return talk is None or talk.noop()[0] == OK
        except OSError:
            return False


@contextmanager
def line(workspace: Workspace) -> Iterator[Line]:
    """Raises Unreachable before anything is sent."""
    opened = Line(workspace)
    opened.open()
    try:
        yield opened
    finally:
        opened.close()


def _mail(message: Message, backend: BaseEmailBackend) -> EmailMultiAlternatives:
    company = message.workspace.company
    subject = f"[테스트] {message.subject}" if message.workspace.is_test else message.subject
    mail = EmailMultiAlternatives(
        subject=subject,
        body=message.text,
        from_email=formataddr((company.name, company.sender_email or settings.DEFAULT_FROM_EMAIL)),
        to=[message.recipient],
        headers={"Message-ID": f"<{message.public_id}@{settings.MAIL_DOMAIN}>"},
        connection=backend,
    )
    if message.html:
        mail.attach_alternative(message.html, "text/html")
    for attachment in message.attachments.all():
        try:
            with default_storage.open(attachment.path) as file:
                mail.attach(attachment.name, file.read(), attachment.content_type)
        except OSError as error:
            raise Refused(f"{attachment.name}: {error}") from error
    return mail


def _raise_what_it_means(error: SMTPException) -> None:
    """4xx is "not now" (greylisting, a full mailbox), 5xx never (RFC 5321 4.2.1). Any other answer
    says nothing about the letter.
    """
    if isinstance(error, SMTPRecipientsRefused):
        code = max(code for code, _ in error.recipients.values())
    else:
        code = error.smtp_code if isinstance(error, SMTPResponseException) else 0
    if 400 <= code < 500:
        raise PutOff(str(error)) from error
    if 500 <= code < 600:
        raise Refused(str(error)) from error
