from typing import Any

from django.urls import URLPattern, path

from invoices.console.views import amending, bulks, counterparties, files, invoices, writing

app_name = "invoices"

ONE = "invoices/<str:public_id>"
PARTY = "counterparties/<str:public_id>"


def file_paths(segment: str, name: str, kind: files.Kind) -> list[URLPattern]:
    """`+` begins what cannot be an id."""
    given: dict[str, Any] = {"kind": kind}
    one = f"{segment}/+file/<str:public_id>"
    return [
        path(f"{segment}/+file", files.file_new, given, f"{name}_new"),
        path(f"{segment}/+file/sample", files.file_sample, given, f"{name}_sample"),
        path(one, files.file_preview, given, name),
        path(f"{one}/write", files.file_write, given, f"{name}_write"),
    ]


urlpatterns = [
    *file_paths("bulk-invoices", "file", files.DOCUMENTS),
    *file_paths("counterparties", "counterparty_file", files.COUNTERPARTIES),
    path("invoices", invoices.invoice_list, name="invoices"),
    path("invoices/+new", writing.invoice_new, name="new"),
    path("invoices/+counterparties", writing.counterparty_search, name="find_counterparties"),
    path(ONE, invoices.invoice_detail, name="invoice"),
    path(f"{ONE}/edit", writing.invoice_edit, name="edit"),
    path(f"{ONE}/correct", writing.invoice_correct, name="correct"),
    path(f"{ONE}/amend", amending.invoice_amend, name="amend"),
    path(f"{ONE}/send", invoices.invoice_send, name="send"),
    path(f"{ONE}/resend", invoices.invoice_resend, name="resend"),
    path(f"{ONE}/cancel", invoices.invoice_cancel, name="cancel"),
    path(f"{ONE}/transmit", invoices.invoice_transmit, name="transmit"),
    path(f"{ONE}/delete", invoices.invoice_delete, name="delete"),
    path(f"{ONE}/memo", invoices.invoice_memo, name="memo"),
    path(f"{ONE}/supplier.pdf", invoices.invoice_pdf, {"copy": "supplier"}, name="supplier_pdf"),
    path(f"{ONE}/recipient.pdf", invoices.invoice_pdf, {"copy": "recipient"}, name="recipient_pdf"),
    path("bulk-invoices", bulks.bulk_list, name="bulks"),
    path("bulk-invoices/<str:public_id>", bulks.bulk_detail, name="bulk"),
    path("bulk-invoices/<str:public_id>/send", bulks.bulk_send, name="bulk_send"),
    path("counterparties", counterparties.counterparty_list, name="counterparties"),
    path("counterparties/+new", counterparties.counterparty_new, name="counterparty_new"),
    path(PARTY, counterparties.counterparty_detail, name="counterparty"),
    path(f"{PARTY}/edit", counterparties.counterparty_edit, name="counterparty_edit"),
    path(f"{PARTY}/connect", counterparties.counterparty_connect, name="counterparty_connect"),
    path(f"{PARTY}/delete", counterparties.counterparty_delete, name="counterparty_delete"),
]
