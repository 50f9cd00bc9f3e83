"""Rows of an earlier version are carried over, not lost."""

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client

from core import clock
from core.jobs.services import run_job
from core.notifications.links import token_of
from core.notifications.models import AccessLink, Message
from payouts.models import Payout, Statement, StatementDocument, StatementTemplate
from payouts.services import drain
from payouts.services.statements import start_sending
from tests.migrating import earlier
from tests.payouts.factories import ACTOR, make_partner, make_started, owe

BEFORE = ("payouts", "0004_selection")
PAPER = b"%PDF of an earlier version"
CONTENT = {
    "number": "po-1",
    "is_test": False,
    "template_version": 1,
    "shown": ["amount", "lines", "steps", "withholding"],
    "company": {"name": "마켓 A", "email": "", "colour": "#0f5c5c", "logo": ""},
    "partner": {"id": "a", "name": "가온상회", "type": "사업자", "bank": "SHINHAN"},
    "period": {"from": "2026-10-30", "until": "2026-10-30"},
    "paid_on": "2026-11-01",
    "currency": "KRW",
    "steps": [{"label": "총 주문", "amount": 33_000}, {"label": "조정", "amount": -3_000}],
    "lines": [],
    "amounts": {"settlement": 30_000, "income_tax": 0, "local_income_tax": 0, "amount": 30_000},
}


def test_a_statement_sent_before_documents_keeps_its_paper(transactional_db, account, contract):
    owe(make_partner(contract, "a", contact_email="a@a.example"), 30_000)
    make_started(account)
    drain(workspace=account.workspace)
    payout = Payout.objects.get()

    with earlier(*BEFORE) as old:
        template = old.get_model("payouts", "StatementTemplate").objects.create(
            workspace_id=payout.workspace_id, public_id="stt-1", name="기본", is_default=True
        )
        old.get_model("payouts", "Statement").objects.create(
            workspace_id=payout.workspace_id,
            public_id="st-1",
            payout_id=payout.pk,
            template=template,
            template_revision=1,
            status="SENT",
            content=CONTENT,
            file=default_storage.save("statements/old.pdf", ContentFile(PAPER)),
            sha256="f" * 64,
            issued_at=clock.now(),
        )

    document = StatementDocument.objects.get()
    assert Statement.objects.get().document == document
    assert (document.file.read(), document.sha256) == (PAPER, "f" * 64)
    assert document.content["glance"] == {"orders": 33_000, "change": -3_000, "amount": 30_000}
    assert document.content["steps"] == CONTENT["steps"]

    job = start_sending(
        workspace=account.workspace,
        payouts=Payout.objects.all(),
        actor=ACTOR,
        template=StatementTemplate.objects.get(),
    )
    run_job(job.pk)
    assert Message.objects.get().subject == "[마켓 A] 정산내역서 — 30,000원 지급"
    link = AccessLink.objects.get()
    page = Client().get(f"/p/{token_of(link)}/").content.decode()
    assert "총 주문" in page
    assert StatementDocument.objects.count() == 1
