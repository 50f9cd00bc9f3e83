from django.urls import path

from payouts.console import statement_templates as templates
from payouts.console import statements
from payouts.console.views import accounts, approvals, bulks, payouts, selecting, transfers

app_name = "payouts"

ONE_STATEMENT = "statements/<str:public_id>"
ONE_TEMPLATE = "statement-templates/<str:public_id>"

statement_paths = [
    path("statements", statements.statement_list, name="statements"),
    path("statements/+retry", statements.statement_retry, name="statement_retry"),
    path(ONE_STATEMENT, statements.statement_detail, name="statement"),
    path(f"{ONE_STATEMENT}/send", statements.statement_send, name="statement_send"),
    path("statement-papers/<str:public_id>.pdf", statements.statement_pdf, name="statement_pdf"),
    path("statement-templates", templates.template_list, name="statement_templates"),
    path("statement-templates/+new", templates.template_new, name="statement_template_new"),
    path("statement-templates/+frame", templates.template_frame, name="statement_frame"),
    path("statement-templates/+preview", templates.template_preview, name="statement_preview"),
    path("statement-templates/+pdf", templates.template_pdf, name="statement_sample_pdf"),
    path(ONE_TEMPLATE, templates.template_detail, name="statement_template"),
    path(f"{ONE_TEMPLATE}/edit", templates.template_edit, name="statement_template_edit"),
    path(f"{ONE_TEMPLATE}/archive", templates.template_archive, name="statement_template_archive"),
    path(f"{ONE_TEMPLATE}/recover", templates.template_recover, name="statement_template_recover"),
    path(f"{ONE_TEMPLATE}/default", templates.template_default, name="statement_template_default"),
]
# `+` begins what cannot be an id.
urlpatterns = [
    *statement_paths,
    path("bulk-payouts", bulks.bulk_list, name="bulks"),
    path("bulk-payouts/+new", selecting.new, name="new"),
    path("bulk-payouts/<str:public_id>", bulks.bulk_detail, name="bulk"),
    path("bulk-payouts/<str:public_id>/select", selecting.select, name="select"),
    path("bulk-payouts/<str:public_id>/preflight", selecting.check, name="preflight"),
    path("bulk-payouts/<str:public_id>/generate", selecting.generate, name="generate"),
    path("bulk-payouts/<str:public_id>/progress", bulks.progress, name="progress"),
    path("bulk-payouts/<str:public_id>/acts/<str:act>", bulks.bulk_act, name="bulk_act"),
    path("approvals", approvals.approval_list, name="approvals"),
    path("approvals/<str:public_id>", approvals.approval_detail, name="approval"),
    path("approvals/<str:public_id>/approve", approvals.approve, name="approve"),
    path("approvals/<str:public_id>/refuse", approvals.refuse, name="refuse"),
    path("payouts", payouts.payout_list, name="payouts"),
    path("payouts/<str:public_id>", payouts.payout_detail, name="payout"),
    path("payouts/<str:public_id>/acts/<str:act>", payouts.payout_act, name="payout_act"),
    path("account-transfers", transfers.transfer_list, name="transfers"),
    path("account-transfers/+unknown", transfers.unknown_list, name="unknown"),
    path("account-transfers/<str:public_id>", transfers.transfer_detail, name="transfer"),
    path(
        "account-transfers/<str:public_id>/acts/<str:act>",
        transfers.transfer_act,
        name="transfer_act",
    ),
    path("accounts", accounts.account_list, name="accounts"),
    path("accounts/+new", accounts.account_new, name="account_new"),
    path("accounts/<str:public_id>", accounts.account_detail, name="account"),
    path("accounts/<str:public_id>/acts/<str:act>", accounts.account_act, name="account_act"),
]
