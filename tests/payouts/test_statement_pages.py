"""The pages of 정산내역서 as a person opens and presses them."""

from __future__ import annotations

import pytest
from django.test import Client

from core.companies.models import Role
from core.companies.services import add_member
from core.jobs.models import Job
from payouts.models import Payout, Statement, StatementTemplate
from payouts.services import drain
from payouts.services.statements import create_template, default_template, start_sending
from payouts.services.statements.templates import Wording
from tests.payouts.factories import ACTOR, make_partner, make_started, owe
from tests.payouts.papers import pages_of

LIVE = "/console/market-a/live"
TYPED = {"name": "10월", "title": "지급 명세", "shown_items": ["lines"], "notice": "문의는 담당자"}


def signed_in(workspace, role) -> Client:
    member = add_member(
        company=workspace.company, email=f"{role.lower()}@a.example", name="오나", role=role
    )
    client = Client()
    client.force_login(member.user)
    return client


@pytest.fixture
def finance(workspace) -> Client:
    return signed_in(workspace, Role.ADMIN)


@pytest.fixture
def viewer(workspace) -> Client:
    return signed_in(workspace, Role.READ_ONLY)


@pytest.fixture
def template(workspace) -> StatementTemplate:
    return default_template(workspace)


@pytest.fixture
def payout(account, contract) -> Payout:
    owe(make_partner(contract, "seller", name="가온상회"), 30_000)
    make_started(account)
    drain(workspace=account.workspace)
    return Payout.objects.get()


def body(response) -> str:
    return response.content.decode()


def test_pages_open_with_nothing_to_show(finance):
    for page in ("statements", "statement-templates", "statement-templates/+new"):
        response = finance.get(f"{LIVE}/{page}")
        assert response.status_code == 200
        assert "정산내역서" in body(response)


def test_a_template_is_written_changed_and_put_away(finance, template):
    made = finance.post(f"{LIVE}/statement-templates/+new", TYPED)
    assert made.status_code == 302
    page = f"{LIVE}/statement-templates/{StatementTemplate.objects.get(name='10월').public_id}"
    assert "지급 명세" in body(finance.get(page))
    finance.post(f"{page}/edit", TYPED | {"title": "지급 내역서"})
    row = StatementTemplate.objects.get(name="10월")
    assert (row.revision, row.current.title) == (2, "지급 내역서")
    assert row.current.shown_items == ["amount", "lines"]
    history = body(finance.get(page))
    assert "v1 지급 명세" in history
    assert "v2 지급 내역서" in history
    finance.post(f"{page}/default")
    finance.post(f"{page}/archive")
    row.refresh_from_db()
    assert (row.is_default, row.is_archived) == (True, False), "a default is not put away"


def test_a_form_with_an_error_says_so_and_writes_nothing(finance):
    response = finance.post(f"{LIVE}/statement-templates/+new", TYPED | {"title": "가" * 41})
    assert response.status_code == 422
    assert not StatementTemplate.objects.exists()


def test_the_preview_is_the_paper_with_what_is_typed(finance):
    page = finance.get(f"{LIVE}/statement-templates/+preview", TYPED)
    assert body(page).count("<svg") == 1
    assert "frame-ancestors 'self'" in page["Content-Security-Policy"]
    assert "script-src" not in page["Content-Security-Policy"]
    assert page["X-Frame-Options"] == "SAMEORIGIN"
    other = finance.get(f"{LIVE}/statement-templates/+preview", TYPED | {"title": "다른 제목"})
    assert body(other) != body(page)
    (said,) = pages_of(finance.get(f"{LIVE}/statement-templates/+pdf", TYPED).content)
    assert ("지급 명세" in said, "문의는 담당자" in said, "정산 내역" in said) == (True,) * 3
    assert "신한은행" not in said, "the account is switched off"


def test_a_long_notice_previews_every_page(finance):
    typed = TYPED | {"notice": "한 줄\n" * 200}
    page = body(finance.get(f"{LIVE}/statement-templates/+preview", typed))
    pages = pages_of(finance.get(f"{LIVE}/statement-templates/+pdf", typed).content)
    assert page.count("<svg") == len(pages) > 1
    assert f"정산내역서 {len(pages)}쪽" in page


def test_selected_payouts_are_sent_as_a_job(finance, payout, template):
    asked = {"op": "bulk", "action": "send_statements", "id": [payout.pk]}
    sheet = body(finance.post(f"{LIVE}/statements", asked))
    assert "1건 30,000원 정산내역서 발송" in sheet
    token = sheet.split('name="token" value="')[1].split('"')[0]
    sent = finance.post(
        f"{LIVE}/statements",
        asked
        | {
            "confirmed": "1:30000KRW",
            "token": token,
            "template": template.public_id,
            "subject": "월",
        },
    )
    job = Job.objects.get(kind="payouts.send_statements")
    assert sent["Location"].endswith(job.public_id)
    assert job.params["subject"] == "월"
    assert Statement.objects.get().status == "SEND_PREPARED"
    page = body(finance.get(f"{LIVE}/statements/{payout.public_id}"))
    assert "발송 대기" in page
    assert "다시 보내기" not in page, "what waits is not sent twice"


def test_failures_are_grouped_and_sent_again(finance, payout, template, workspace):
    start_sending(workspace=workspace, payouts=Payout.objects.all(), actor=ACTOR, template=template)
    Statement.objects.update(status="SEND_FAILED", failure="NO_ADDRESS")
    page = body(finance.get(f"{LIVE}/statements"))
    assert "파트너의 담당자 이메일이 없습니다" in page
    assert "1건 다시 보내기" in page
    finance.post(f"{LIVE}/statements/+retry", {"cause": "NO_ADDRESS"})
    assert Statement.objects.get().status == "SEND_PREPARED"
    Statement.objects.update(status="SEND_FAILED", failure="UNKNOWN", error="timed out")
    page = body(finance.get(f"{LIVE}/statements"))
    assert "이미 도착했을 수 있어요" in page
    finance.post(f"{LIVE}/statements/+retry", {"cause": "UNKNOWN"})
    assert Statement.objects.get().status == "SEND_FAILED"


WRITES = [
    ("post", "statement-templates/+new"),
    ("post", "statement-templates/{template}/edit"),
    ("post", "statement-templates/{template}/archive"),
    ("post", "statement-templates/{template}/recover"),
    ("post", "statement-templates/{template}/default"),
    ("post", "statements/+retry"),
    ("post", "statements/{payout}/send"),
    ("get", "statement-templates/+new"),
    ("get", "statement-templates/{template}/edit"),
]
READS = [
    "statements",
    "statements/{payout}",
    "statement-templates",
    "statement-templates/{template}",
    "statement-templates/+preview",
    "statement-templates/+frame",
]


def test_a_viewer_reads_and_writes_nothing(viewer, payout, template):
    ids = {"payout": payout.public_id, "template": template.public_id}
    for method, path in WRITES:
        response = getattr(viewer, method)(f"{LIVE}/{path.format(**ids)}", TYPED)
        assert response.status_code == 403, path
    for path in READS:
        assert viewer.get(f"{LIVE}/{path.format(**ids)}").status_code == 200, path
    assert not Statement.objects.exists()


def test_a_stranger_and_the_other_environment_see_nothing(finance, payout, template):
    other = "/console/market-a/test"
    for path in (f"statements/{payout.public_id}", f"statement-templates/{template.public_id}"):
        assert finance.get(f"{other}/{path}").status_code == 404
    assert Client().get(f"{LIVE}/statements").status_code == 302


def test_the_lists_cost_the_same_for_one_row_and_for_many(
    finance, account, contract, template, django_assert_max_num_queries
):
    for number in range(12):
        owe(make_partner(contract, f"seller-{number}"), 10_000)
        create_template(
            workspace=account.workspace, actor=ACTOR, name=f"템플릿 {number}", wording=Wording()
        )
    make_started(account)
    drain(workspace=account.workspace)
    for page, most in (("statements", 24), ("statement-templates", 18)):
        with django_assert_max_num_queries(most):
            finance.get(f"{LIVE}/{page}")
