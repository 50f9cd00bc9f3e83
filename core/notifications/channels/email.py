"""E-mail: SMTP when configured, files under the mail folder otherwise.

A test workspace never mails the outside world: its letters are always files.
"""

from __future__ import annotations

from email.utils import formataddr
from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPSenderRefused

from django.conf import settings
from django.core.files.storage import default_storage
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend

from core.notifications.channels.base import Refused
from core.notifications.models import Message

FILES = "django.core.mail.backends.filebased.EmailBackend"


def send(message: Message) -> None:
    """Raises Refused when it surely did not leave, OSError when that is unknown."""
    company = message.workspace.company
    subject = f"[테스트] {message.subject}" if message.workspace.is_test else message.subject
    mail = EmailMultiAlternatives(
        subject=subject,
        body=message.text,
        from_email=formataddr((company.name, company.sender_email or settings.DEFAULT_FROM_EMAIL)),
        to=[message.recipient],
        headers={"Message-ID": f"<{message.public_id}@{settings.MAIL_DOMAIN}>"},
        connection=_connection(message),
    )
    if message.html:
        mail.attach_alternative(message.html, "text/html")
    for attachment in message.attachments.all():
        with default_storage.open(attachment.path) as file:
            mail.attach(attachment.name, file.read(), attachment.content_type)
    try:
        mail.send()
    except (SMTPRecipientsRefused, SMTPSenderRefused, SMTPDataError, ValueError) as error:
        raise Refused(str(error)) from error


def _connection(message: Message) -> BaseEmailBackend:
    if message.workspace.is_test or settings.EMAIL_BACKEND == FILES:
        settings.MAIL_DIR.mkdir(parents=True, exist_ok=True)
        return get_connection(FILES, file_path=str(settings.MAIL_DIR))
    return get_connection()
