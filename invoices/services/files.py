"""Files of a draft: reserve a place, upload into it, attach, detach (contract.md c.10)."""

from __future__ import annotations

from django.core import signing
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from core import clock
from core.companies.access import rows
from core.companies.identifiers import new_id
from core.companies.models import Workspace
from core.events.actors import Actor
from core.events.services import record
from invoices.errors import AttachmentNotFound, FileNotFound, InvalidDocument, NotDrafted
from invoices.models import InvoiceFile, TaxInvoice

MAX_FILES = 5
MAX_FILE_BYTES = 10 * 1024 * 1024
UPLOAD_SECONDS = 300
SALT = "invoice-file"


def reserve_upload(*, workspace: Workspace, file_name: str) -> tuple[InvoiceFile, str]:
    """A place for one file, and the signed token that may fill it for five minutes."""
    name = file_name.replace("\\", "/").rsplit("/", 1)[-1].strip()
    if not name or len(name) > 200:
        raise InvalidDocument("올리지 않았습니다. 파일 이름을 확인해 주세요.")
    file = InvoiceFile.objects.create(workspace=workspace, public_id=new_id("file"), name=name)
    return file, signing.dumps(file.pk, salt=SALT)


def store_upload(*, token: str, content: bytes) -> InvoiceFile:
    """Fill a reserved place once. Raises FileNotFound for a bad, used or expired token."""
    try:
        pk = signing.loads(token, salt=SALT, max_age=UPLOAD_SECONDS)
    except signing.BadSignature as error:
        raise FileNotFound("올리지 않았습니다. 주소의 유효 시간이 지났습니다.") from error
    if not content or len(content) > MAX_FILE_BYTES:
        raise InvalidDocument("올리지 않았습니다. 파일은 10MB까지입니다.")
    with transaction.atomic():
        file = InvoiceFile.objects.select_for_update().filter(pk=pk, file="").first()
        if file is None:
            raise FileNotFound("올리지 않았습니다. 이미 쓴 주소입니다.")
        file.file.save(file.name, ContentFile(content))
    return file


@transaction.atomic
def attach_file(*, invoice: TaxInvoice, actor: Actor, file_id: str) -> InvoiceFile:
    """Raises NotDrafted, FileNotFound (unknown, empty or attached elsewhere)."""
    _locked_draft(invoice)
    file = rows(InvoiceFile, invoice.workspace).filter(public_id=file_id).exclude(file="").first()
    if file is None or file.invoice_id is not None:
        raise FileNotFound()
    if InvoiceFile.objects.filter(invoice=invoice).count() >= MAX_FILES:
        told = _("첨부되지 않았습니다. 첨부 파일은 %(limit)s개까지입니다.")
        raise InvalidDocument(told % {"limit": MAX_FILES})
    file.invoice, file.attached_at = invoice, clock.now()
    file.save(update_fields=["invoice", "attached_at"])
    _record(invoice, "taxinvoice.file_attached", actor, file)
    return file


@transaction.atomic
def detach_file(*, invoice: TaxInvoice, actor: Actor, attachment_id: str) -> None:
    """Raises NotDrafted, AttachmentNotFound."""
    _locked_draft(invoice)
    file = InvoiceFile.objects.filter(invoice=invoice, public_id=attachment_id).first()
    if file is None:
        raise AttachmentNotFound()
    file.invoice, file.attached_at = None, None
    file.save(update_fields=["invoice", "attached_at"])
    _record(invoice, "taxinvoice.file_detached", actor, file)


def _locked_draft(invoice: TaxInvoice) -> None:
    row = TaxInvoice.objects.select_for_update().get(pk=invoice.pk)
    if row.status != "DRAFTED" or row.deleted_at:
        raise NotDrafted()


def _record(invoice: TaxInvoice, kind: str, actor: Actor, file: InvoiceFile) -> None:
    record(
        kind,
        workspace=invoice.workspace,
        object_type="taxinvoice",
        object_id=invoice.public_id,
        actor=actor,
        changes={"file": file.name},
    )
