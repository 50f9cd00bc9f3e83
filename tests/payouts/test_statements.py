"""정산내역서: what is written, to whom it goes, and that none of it changes afterwards."""

from __future__ import annotations

import hashlib
from base64 import b64decode

import pytest
from django.core.files.base import ContentFile
from django.db import IntegrityError, connection, transaction
from django.test import Client

from core.companies.models import Permission
from core.errors import Conflict, Forbidden, InvalidRequest
from core.events.actors import Actor
from core.events.relay import react
from core.jobs.models import Job, JobFailure
from core.jobs.services import cancel_job, retry_job, run_job
from core.notifications.channels import email
from core.notifications.channels.base import Refused
from core.notifications.links import token_of
from core.notifications.models import AccessLink, Message
from core.notifications.services import deliver_waiting
from partners.inputs import UpdatePartner, parse
from partners.models import Partner
from partners.services import update_partner
from payouts.documents import statement as paper
from payouts.documents.printed import printed
from payouts.documents.typesetting import TypesettingFailed, typeset, typeset_many
from payouts.documents.waterfall import bars
from payouts.models import Payout, Statement, StatementDocument
from payouts.services import drain
from payouts.services.statements import (
    Wording,
    archive_template,
    create_template,
    default_template,
    make_default,
    recover_template,
    retry_failed,
    start_sending,
    update_template,
    writing,
)
from tests.payouts.factories import ACTOR, make_partner, make_started, owe
from tests.payouts.papers import pages_of

PIXEL = b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


@pytest.fixture
def paid(account, contract) -> list[Payout]:
    """Three partners: 30,000 won less 3,000 for the first, 20,000 and 7,000 for the others."""
    first, second, third = (make_partner(contract, f"seller-{n}") for n in "abc")
    owe(first, 30_000, -3_000)
    owe(second, 20_000)
    owe(third, 7_000)
    make_started(account)
    drain(workspace=account.workspace)
    return list(Payout.objects.order_by("partner__public_id"))


@pytest.fixture
def template(workspace):
    return default_template(workspace)


def send(workspace, template, payouts=None, subject="", actor=ACTOR) -> Job:
    """Ask, write, mail, hear back: as the workers do it one after another."""
    job = start_sending(
        workspace=workspace,
        payouts=payouts if payouts is not None else Payout.objects.all(),
        actor=actor,
        template=template,
        subject=subject,
    )
    run_job(job.pk)
    hear()
    job.refresh_from_db()
    return job


def hear() -> None:
    deliver_waiting()
    react()


def text_of(document: StatementDocument) -> str:
    with document.file.open() as file:
        return "\f".join(pages_of(file.read()))


def move(partner: Partner, address: str) -> None:
    update_partner(
        partner=partner, actor=ACTOR, update=parse(UpdatePartner, {"contact": {"email": address}})
    )


def wording(*off: str, **fields) -> Wording:
    items = [item for item in Wording().shown_items if item not in off]
    return Wording(**{"shown_items": items} | fields)


def statuses() -> list[str]:
    rows = Statement.objects.order_by("payout__partner__public_id")
    return list(rows.values_list("status", flat=True))


# Templates


def test_an_edit_makes_a_version_and_the_same_again_makes_none(workspace, template, actor):
    assert (template.name, template.revision, template.is_default) == ("기본 템플릿", 1, True)
    changed = update_template(
        template=template, actor=actor, name="10월", wording=wording("account", notice=" 문의 ")
    )
    assert changed.revision == 2
    version = changed.current
    assert (version.notice, "account" in version.shown_items) == ("문의", False)
    again = update_template(
        template=template, actor=actor, name="10월", wording=wording("account", notice="문의")
    )
    assert again.revision == 2
    renamed = update_template(
        template=template, actor=actor, name="11월", wording=wording("account", notice="문의")
    )
    assert (renamed.name, renamed.revision) == ("11월", 2)
    assert list(template.versions.order_by("revision").values_list("notice", flat=True)) == [
        "",
        "문의",
    ]


def test_the_paid_amount_cannot_be_switched_off(workspace, actor):
    template = create_template(
        workspace=workspace, actor=actor, name="짧게", wording=Wording(shown_items=[])
    )
    assert template.current.shown_items == ["amount"]


@pytest.mark.parametrize(
    "bad",
    [
        {"title": " "},
        {"title": "가" * 41},
        {"shown_items": ["secret"]},
        {"notice": "가" * 1001},
    ],
)
def test_bad_wording_is_refused_and_nothing_is_written(workspace, template, actor, bad):
    with pytest.raises(InvalidRequest, match="저장하지 않았습니다"):
        update_template(template=template, actor=actor, name="이름", wording=Wording(**bad))
    assert template.versions.count() == 1


def test_archiving_takes_a_template_out_of_use(workspace, template, actor, paid):
    other = create_template(workspace=workspace, actor=actor, name="둘째", wording=Wording())
    assert not other.is_default
    with pytest.raises(Conflict, match="기본"):
        archive_template(template=template, actor=actor)
    make_default(template=other, actor=actor)
    archive_template(template=template, actor=actor)
    template.refresh_from_db()
    assert (template.is_default, template.is_archived) == (False, True)
    assert default_template(workspace) == other
    with pytest.raises(Conflict, match="보관한"):
        send(workspace, template)
    with pytest.raises(Conflict, match="보관한"):
        update_template(template=template, actor=actor, name="x", wording=Wording())
    recover_template(template=template, actor=actor)
    template.refresh_from_db()
    assert not template.is_archived


def test_each_environment_has_templates_of_its_own(workspace, template):
    test = workspace.company.workspaces.get(environment="TEST")
    assert default_template(test) != template
    assert default_template(test).workspace == test


def test_versions_and_papers_are_append_only(workspace, template, paid):
    send(workspace, template)
    for table in ("payouts_statementtemplateversion", "payouts_statementdocument"):
        for sql in (f"UPDATE {table} SET id = id", f"DELETE FROM {table}"):
            with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
                connection.cursor().execute(sql)


# The paper


def test_the_paper_says_exactly_what_was_paid(workspace, template, paid):
    send(workspace, template)
    document = paid[0].statement.document
    content = document.content
    assert content["amounts"]["amount"] == paid[0].amount == 27_000
    assert [line["settlement"] for line in content["lines"]] == [-3_000, 30_000]
    assert sum(step["amount"] for step in content["steps"]) == 27_000
    text = " ".join(text_of(document).split())
    for said in (
        "정산내역서",
        "마켓 A",
        "seller-a",
        "신한은행 ****0000 홍길동",
        "2026-10-29 – 2026-10-30",
        "지급 금액 27,000",
        "2026-10-29 수기 1 0 0 −3,000",
        "합계 0 0 27,000",
        f"{paid[0].statement.public_id} · 기본 템플릿 v1 · 레이아웃 4 · SHA-256",
        "1 / 1",
    ):
        assert said in text
    assert "소득세" not in text, "nothing was withheld"


def test_a_withheld_partner_reads_both_taxes(workspace, account, contract, template):
    owe(make_partner(contract, "freelancer", type="WHT_PAYER"), 1_000_000)
    make_started(account)
    drain(workspace=workspace)
    send(workspace, template)
    text = text_of(StatementDocument.objects.get())
    assert ("30,000" in text, "3,000" in text, "967,000" in text) == (True, True, True)
    assert "지방소득세" in text


SWITCHES = {
    "sender": "220-81",
    "partner_name": "받는 분 가온",
    "partner_type": "원천징수 비대상자",
    "account": "신한은행 ****0000",
    "holder": "홍길동",
    "period": "정산 기간",
    "steps": "차감·가감",
    "settlement": "정산 금액 정산 면세",
    "tax_free": "정산 면세",
    "supply": "확정 공급가액",
    "vat": "확정 부가세",
    "lines": "정산 내역 정산일",
}


@pytest.mark.parametrize("item", SWITCHES)
def test_an_item_switched_off_is_not_on_the_paper(
    workspace, account, contract, template, actor, item
):
    company = workspace.company
    company.business_registration_number = "2208162517"
    company.save()
    owe(make_partner(contract, "seller", name="가온"), 30_000)
    make_started(account)
    drain(workspace=workspace)
    send(workspace, template)
    assert SWITCHES[item] in " ".join(text_of(StatementDocument.objects.get()).split())
    update_template(template=template, actor=actor, name="줄임", wording=wording(item))
    template.refresh_from_db()
    send(workspace, template)
    second = StatementDocument.objects.latest("pk")
    assert second.version.revision == 2
    assert SWITCHES[item] not in " ".join(text_of(second).split())
    assert "30,000" in text_of(second)


def test_single_transfers_are_listed_when_asked_for(workspace, account, contract, template, actor):
    owe(make_partner(contract, "seller"), 30_000, -3_000)
    make_started(account)
    drain(workspace=workspace)
    shown = [*Wording().shown_items, "transfers"]
    update_template(template=template, actor=actor, name="전부", wording=Wording(shown_items=shown))
    template.refresh_from_db()
    send(workspace, template)
    document = StatementDocument.objects.get()
    assert [each["settlement"] for each in document.content["transfers"]] == [-3_000, 30_000]
    assert "합계 2건" in text_of(document)


def test_the_same_content_gives_the_same_bytes_in_any_thread(workspace, template, paid):
    send(workspace, template)
    for document in StatementDocument.objects.all():
        again = typeset(paper.TEMPLATE, printed(document.content))
        with document.file.open() as file:
            assert file.read() == again
        assert hashlib.sha256(again).hexdigest() == document.sha256
    words = [printed(document.content) for document in StatementDocument.objects.all()]
    alone = [typeset(paper.TEMPLATE, each) for each in words]
    assert list(typeset_many(paper.TEMPLATE, words * 5)) == alone * 5
    assert len(set(alone)) == 3


def test_what_fails_while_setting_says_where(workspace, template, paid):
    send(workspace, template)
    words = printed(StatementDocument.objects.latest("pk").content)
    with pytest.raises(
        TypesettingFailed, match=r"statement\.typ: type none has no method(.|\n)+:\d+:\d+\n"
    ):
        list(typeset_many(paper.TEMPLATE, [words, {**words, "glance": None}]))


def test_a_broken_logo_leaves_the_paper_without_one(workspace, template, paid):
    company = workspace.company
    company.logo.save("logo.png", ContentFile(b"\x89PNG\r\n\x1a\n broken"))
    send(workspace, template)
    assert statuses() == ["SENT"] * 3
    company.logo.save("logo.png", ContentFile(PIXEL))
    content = StatementDocument.objects.latest("pk").content
    content["company"]["logo"] = company.logo.name
    assert b"/Image" in typeset(paper.TEMPLATE, printed(content))


def test_bars_hang_from_the_level_before():
    drawn = bars([("총 주문", 1_000), ("주문 취소", -1_200), ("조정", 50)], -150, "KRW")
    assert [(bar["kind"], bar["left"], bar["width"]) for bar in drawn] == [
        ("total", 45, 225),
        ("less", 0, 270),
        ("more", 0, 11),
        ("total", 11, 34),
    ]


@pytest.mark.parametrize("lines", range(16, 24))
def test_the_sum_stands_with_the_last_line_on_one_page(workspace, template, paid, lines):
    send(workspace, template)
    content = StatementDocument.objects.latest("pk").content
    content["lines"] = content["lines"] * lines
    pages = pages_of(typeset(paper.TEMPLATE, printed(content)))
    (last,) = [page for page in pages if "합계" in page]
    assert "2026" in last.split("합계")[0].strip().splitlines()[-1]


def test_names_cannot_break_the_paper(workspace, account, contract, template):
    name = "가나다라마바사" * 20 + "<b>&\"' {{ 7 }}"
    owe(make_partner(contract, "seller", name=name, account_holder="뷁햏" * 20), 30_000)
    make_started(account)
    drain(workspace=workspace)
    send(workspace, template)
    text = "".join(text_of(StatementDocument.objects.get()).split())
    assert "".join(name.split()) in text
    assert "뷁햏" * 20 in text


# Sending


def test_each_partner_gets_one_mail_with_paper_and_link(workspace, template, paid):
    job = send(workspace, template, subject="10월 정산\n내역")
    assert (job.status, job.title, job.done_count) == ("SUCCEEDED", "정산내역서 3건 발송", 3)
    assert statuses() == ["SENT"] * 3
    message = paid[0].statement.message
    assert (message.recipient, message.subject) == ("seller@example.com", "10월 정산 내역")
    assert message.key == f"statement:{paid[0].statement.public_id}:{job.public_id}"
    (attachment,) = message.attachments.all()
    assert attachment.path == paid[0].statement.document.file.name
    assert "27,000원" in message.text
    assert Message.objects.count() == 3


def test_the_partner_reads_and_downloads_and_changes_nothing(workspace, template, paid):
    send(workspace, template)
    statement = paid[0].statement
    link = AccessLink.objects.get(object_id=statement.public_id)
    before = (Statement.objects.values().get(pk=statement.pk), Message.objects.count())
    client = Client(enforce_csrf_checks=True)
    page = client.get(f"/p/{token_of(link)}/")
    body = page.content.decode()
    for said in ("27,000", "seller-a", "−3,000", statement.document.sha256):
        assert said in body
    pdf = client.get(f"/p/{token_of(link)}/pdf")
    assert hashlib.sha256(b"".join(pdf.streaming_content)).hexdigest() == statement.document.sha256
    assert pdf["Content-Disposition"].startswith("attachment")
    assert client.get(f"/p/{token_of(link)}/other").status_code == 404
    after = (Statement.objects.values().get(pk=statement.pk), Message.objects.count())
    assert after == before


def test_sending_again_mails_the_same_paper_and_closes_the_old_link(workspace, template, paid):
    send(workspace, template)
    first = AccessLink.objects.get(object_id=paid[0].statement.public_id)
    again = Payout.objects.filter(pk=paid[0].pk)
    send(workspace, template, again)
    assert StatementDocument.objects.count() == 3
    assert Message.objects.filter(object_id=paid[0].statement.public_id).count() == 2
    assert Client().get(f"/p/{token_of(first)}/").status_code == 410


def test_another_version_is_another_paper_and_the_first_stays(workspace, template, paid, actor):
    send(workspace, template)
    first = paid[0].statement.document
    with first.file.open() as file:
        before = file.read()
    update_template(template=template, actor=actor, name="새", wording=wording(title="지급 명세"))
    template.refresh_from_db()
    send(workspace, template)
    statement = Statement.objects.get(payout=paid[0])
    assert statement.document != first
    assert statement.document.content["title"] == "지급 명세"
    first.refresh_from_db()
    with first.file.open() as file:
        assert file.read() == before
    assert statement.documents.count() == 2


def test_the_address_is_the_partners_at_sending(workspace, template, paid):
    move(paid[0].partner, "new@example.com")
    send(workspace, template)
    assert Statement.objects.get(payout=paid[0]).message.recipient == "new@example.com"


def test_a_partner_without_an_address_is_named_and_the_rest_goes(
    workspace, account, contract, template
):
    for name, address in (("seller-a", "a@example.com"), ("seller-b", "")):
        owe(make_partner(contract, name, contact_email=address), 20_000)
    make_started(account)
    drain(workspace=workspace)
    job = send(workspace, template)
    assert statuses() == ["SENT", "SEND_FAILED"]
    assert (job.done_count, job.failed_count) == (1, 1)
    failure = JobFailure.objects.get(job=job)
    assert (failure.code, failure.raw["파트너"]) == ("NO_ADDRESS", "seller-b")
    move(Partner.objects.get(public_id="seller-b"), "late@example.com")
    (again,) = retry_failed(workspace=workspace, actor=ACTOR, causes=["NO_ADDRESS"])
    run_job(again.pk)
    hear()
    assert statuses() == ["SENT", "SENT"]
    assert list(Message.objects.order_by("pk").values_list("recipient", flat=True)) == [
        "a@example.com",
        "late@example.com",
    ]


def test_who_was_told_nothing_counts_though_the_worker_fails(
    workspace, account, contract, template, monkeypatch
):
    for name, address in (("seller-a", ""), ("seller-b", "b@example.com")):
        owe(make_partner(contract, name, contact_email=address), 20_000)
    make_started(account)
    drain(workspace=workspace)
    with monkeypatch.context() as patched:
        patched.setattr(writing, "typeset_many", lambda *facts: 1 / 0)
        job = send(workspace, template)
    assert job.status == "FAILED"
    retry_job(job=job, actor=ACTOR)
    run_job(job.pk)
    job.refresh_from_db()
    assert (job.status, job.done_count, job.failed_count) == ("SUCCEEDED", 1, 1)
    assert job.result == {"failed": 1}


def test_what_a_failed_sending_left_can_be_sent_another_way(
    workspace, template, paid, actor, monkeypatch
):
    """A template that cannot be set fails for ever: its partners would never hear anything."""
    with monkeypatch.context() as patched:
        patched.setattr(writing, "typeset_many", lambda *facts: 1 / 0)
        failed = send(workspace, template)
    assert failed.status == "FAILED"
    assert not any(each.waits_for_job for each in Statement.objects.all())
    assert send(workspace, template).status == "SUCCEEDED"
    assert (statuses(), Message.objects.count()) == (["SENT"] * 3, 3)
    retry_job(job=failed, actor=ACTOR)
    run_job(failed.pk)
    hear()
    assert Message.objects.count() == 3


def test_refused_and_unknown_mails_are_told_apart(workspace, template, paid, monkeypatch):
    outcomes = {"seller-a": Refused("550 no such user"), "seller-b": OSError("timed out")}

    def deliver(line, message):
        owner = Statement.objects.get(public_id=message.object_id).payout.partner.public_id
        if owner in outcomes:
            raise outcomes[owner]

    monkeypatch.setattr(email.Line, "send", deliver)
    send(workspace, template)
    rows = Statement.objects.order_by("payout__partner__public_id")
    assert list(rows.values_list("status", "failure", "error")) == [
        ("SEND_FAILED", "REFUSED", "550 no such user"),
        ("SEND_FAILED", "UNKNOWN", "timed out"),
        ("SENT", "", ""),
    ]
    with pytest.raises(InvalidRequest, match="이미 나갔을 수 있는"):
        retry_failed(workspace=workspace, actor=ACTOR, causes=["UNKNOWN"])
    outcomes.clear()
    (again,) = retry_failed(workspace=workspace, actor=ACTOR, causes=["REFUSED"])
    run_job(again.pk)
    hear()
    assert statuses() == ["SENT", "SEND_FAILED", "SENT"]


def test_what_waits_is_not_taken_by_a_second_sending(workspace, template, paid):
    first = start_sending(
        workspace=workspace, payouts=Payout.objects.all(), actor=ACTOR, template=template
    )
    with pytest.raises(Conflict, match="발송 대기"):
        start_sending(
            workspace=workspace, payouts=Payout.objects.all(), actor=ACTOR, template=template
        )
    assert Job.objects.filter(kind="payouts.send_statements").count() == 1
    run_job(first.pk)
    run_job(first.pk)
    assert Message.objects.count() == 3


def test_cancelling_lets_the_rest_go(workspace, template, paid):
    job = start_sending(
        workspace=workspace, payouts=Payout.objects.all(), actor=ACTOR, template=template
    )
    cancel_job(job=job, actor=ACTOR)
    react()
    assert statuses() == ["SEND_FAILED"] * 3
    assert set(Statement.objects.values_list("failure", flat=True)) == {"STOPPED"}
    (again,) = retry_failed(workspace=workspace, actor=ACTOR, causes=["STOPPED"])
    run_job(again.pk)
    hear()
    assert statuses() == ["SENT"] * 3


def test_only_paid_payouts_are_told(workspace, account, contract, template):
    owe(make_partner(contract), 10_000)
    make_started(account)
    with pytest.raises(Conflict, match="보내지 않았습니다"):
        send(workspace, template)
    assert not Statement.objects.exists()
    assert not Job.objects.filter(kind="payouts.send_statements").exists()


def test_who_may_not_pay_may_not_tell(workspace, template, paid):
    viewer = Actor("MEMBER", "1", "보기", None, frozenset({Permission.PAYOUT_READ}))
    with pytest.raises(Forbidden):
        send(workspace, template, actor=viewer)
    with pytest.raises(Forbidden):
        create_template(workspace=workspace, actor=viewer, name="x", wording=Wording())
    assert not Statement.objects.exists()


def test_a_paper_that_does_not_add_up_is_not_drawn(workspace, template, paid):
    send(workspace, template)
    statement = Statement.objects.select_related("payout__partner").get(payout=paid[0])
    statement.payout.settlement_amount += 1
    with pytest.raises(paper.StatementOutOfBalance, match="27000 ≠ 27001"):
        paper.collect([statement], template.current)
