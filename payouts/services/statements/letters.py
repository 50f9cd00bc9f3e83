"""The mail around a statement: what was paid, a link for the phone, the paper attached."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.template.loader import render_to_string

from core import clock
from core.console.brand import palette
from core.console.formats import sum_in
from core.jobs.models import Job
from core.notifications import links
from core.notifications.links import Target
from core.notifications.models import AccessLink
from core.notifications.services import Letter
from payouts.documents import statement as paper
from payouts.models import Statement, StatementDocument

VIEW = "statement.view"
OBJECT_TYPE = "statement"
MAIL = "payouts/mail/statement"


def letters_for(statements: Sequence[Statement], job: Job) -> list[Letter]:
    """One letter per statement, in order; links of earlier letters close. In a transaction."""
    targets = [
        Target(OBJECT_TYPE, each.public_id, each.payout.partner.contact_email)
        for each in statements
    ]
    made = links.create_links(workspace=job.workspace, purpose=VIEW, targets=targets)
    return [_letter(each, link, job) for each, link in zip(statements, made, strict=True)]


def _letter(statement: Statement, link: AccessLink, job: Job) -> Letter:
    document = statement.document
    assert document is not None
    context = letter_context(document, statement, links.mention(link))
    return Letter(
        key=f"statement:{statement.public_id}:{job.public_id}",
        template=MAIL,
        recipient=link.recipient,
        subject=job.params["subject"] or default_subject(document.content),
        text=render_to_string(f"{MAIL}.txt", context),
        html=render_to_string(f"{MAIL}.html", context),
        object_type=OBJECT_TYPE,
        object_id=statement.public_id,
        attachments=[
            (paper.file_name(document.content), "application/pdf", document.file.name or "")
        ],
    )


def default_subject(content: paper.Content) -> str:
    paid = sum_in(content["amounts"]["amount"], content["currency"])
    return f"[{content['company']['name']}] {content['title']} — {paid} 지급"


def letter_context(document: StatementDocument, statement: Statement, url: str) -> dict[str, Any]:
    company = statement.workspace.company
    return {
        "document": document.content,
        "contact_name": statement.payout.partner.contact_name or statement.payout.partner.name,
        "company": company,
        "colours": palette(company.brand_colour),
        "link": url,
        "expires_on": clock.months_later(clock.today(), links.LIFETIME_MONTHS),
    }
