"""kill -9 while statements are written: every payout ends with one paper and one mail."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core import clock
from core.companies.services import create_company
from core.jobs.models import Job
from core.jobs.services import run_job, sweep_jobs
from core.notifications.models import Attachment, Message
from core.notifications.services import deliver_waiting
from payouts.models import Payout, Statement, StatementDocument
from payouts.rails.sandbox import sandbox_bank
from payouts.services import drain, import_deposits, open_funding_account
from payouts.services.statements import default_template, follow_messages, start_sending
from tests.crash.statement_worker import work
from tests.mortal import dies
from tests.payouts.factories import ACTOR, make_partner, make_started, owe
from tests.settlements.factories import make_contract

pytestmark = [pytest.mark.crash, pytest.mark.django_db(transaction=True)]

PARTNERS = 3


@pytest.fixture
def job() -> Job:
    workspace = create_company(slug="market-a", name="마켓 A").workspaces.get(environment="LIVE")
    account = open_funding_account(
        workspace=workspace,
        actor=ACTOR,
        name="지급 계좌",
        bank="SHINHAN",
        account_number="110123456789",
        holder="마켓 A",
    )
    sandbox_bank().deposit("110123456789", 1_000_000, "PG")
    import_deposits(account=account, actor=ACTOR)
    contract = make_contract(workspace)
    for number in range(PARTNERS):
        owe(make_partner(contract, f"seller-{number}"), 10_000)
    make_started(account)
    drain(workspace=workspace)
    return start_sending(
        workspace=workspace,
        payouts=Payout.objects.all(),
        actor=ACTOR,
        template=default_template(workspace),
    )


@pytest.mark.parametrize(
    ("point", "mails_before"),
    [("statements.before_commit", 0), ("statements.after_commit", 2)],
)
def test_a_killed_sending_goes_on_and_mails_each_partner_once(job, point, mails_before) -> None:
    dies(work, job.pk, point=point)
    assert Message.objects.count() == mails_before
    Job.objects.update(heartbeat_at=clock.now() - timedelta(minutes=5))
    assert sweep_jobs() == 1
    run_job(job.pk)
    deliver_waiting()
    follow_messages(job.workspace, ACTOR)
    assert set(Statement.objects.values_list("status", flat=True)) == {"SENT"}
    assert Message.objects.count() == PARTNERS
    assert StatementDocument.objects.count() == PARTNERS
    assert Attachment.objects.count() == PARTNERS
    job.refresh_from_db()
    assert (job.status, job.done_count) == ("SUCCEEDED", PARTNERS)
