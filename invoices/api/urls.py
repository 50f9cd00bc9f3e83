from django.urls import path

from invoices.api import (
    certificates,
    connections,
    counterparties,
    files,
    lists,
    papers,
    tax_invoices,
)

ONE = "b2b/tax-invoices/<str:key>"

urlpatterns = [
    *connections.paths(),
    path("b2b/counterparties", counterparties.Counterparties.as_view()),
    path("b2b/counterparties/<str:brn>/certificate", certificates.Certificates.as_view()),
    path(
        "b2b/counterparties/<str:brn>/certificate/registration-url",
        certificates.RegistrationUrls.as_view(),
    ),
    path("b2b/counterparties/<str:brn>/certificate/validate", certificates.Validations.as_view()),
    path("b2b/counterparties/<str:id>", counterparties.SingleCounterparty.as_view()),
    path("b2b/bulk-tax-invoices/<str:id>", lists.BulkInvoice.as_view()),
    path("b2b/file-upload-url", files.FileUploadUrls.as_view()),
    path("b2b/files/<str:token>", files.upload, name="invoice-file-upload"),
    path("b2b/tax-invoices", lists.Invoices.as_view()),
    path("b2b/tax-invoices-sheet", lists.InvoiceSheet.as_view()),
    path("b2b/tax-invoices/draft", tax_invoices.Drafts.as_view()),
    path("b2b/tax-invoices/request-reverse-issuance", tax_invoices.ReverseRequests.as_view()),
    path("b2b/tax-invoices/issue-immediately", tax_invoices.ImmediateIssues.as_view()),
    path(ONE, tax_invoices.SingleInvoice.as_view()),
    path(f"{ONE}/attach-file", files.Attach.as_view()),
    path(f"{ONE}/attachments", files.Attachments.as_view()),
    path(f"{ONE}/attachments/<str:attachment>", files.SingleAttachment.as_view()),
    path(f"{ONE}/pdf-download-url", papers.PdfUrl.as_view()),
    path(f"{ONE}/print-url", papers.PrintUrl.as_view()),
    path(f"{ONE}/popup-url", papers.PopupUrl.as_view()),
    *(path(f"{ONE}/{name}", view.as_view()) for name, view in tax_invoices.ACTIONS.items()),
]
