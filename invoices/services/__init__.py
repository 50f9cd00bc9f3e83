"""The verbs of tax documents; nothing else writes their tables."""

from invoices.services.actions import (
    cancel_issuance,
    cancel_request,
    issue_invoice,
    refuse_request,
    request_invoice,
    send_to_nts,
)
from invoices.services.amendments import amend_invoice
from invoices.services.approvals import approve_by_link, cancel_by_link, refuse_by_link
from invoices.services.bulk_making import InvoiceRequest, create_invoices
from invoices.services.bulk_sending import process_bulk, retry_bulk, send_bulk, sweep_bulks
from invoices.services.business import (
    LookUp,
    create_checked_counterparty,
    refresh_counterparties,
    update_checked_counterparty,
    with_business_info,
)
from invoices.services.connections import (
    connect_partner,
    disconnect_partner,
    finish_connections,
    start_connecting_partners,
)
from invoices.services.counterparties import (
    CounterpartyFacts,
    connect_counterparty,
    create_counterparty,
    delete_counterparty,
    disconnect_counterparty,
    update_counterparty,
)
from invoices.services.drafts import (
    Modification,
    delete_invoice,
    draft_invoice,
    set_memo,
    update_draft,
)
from invoices.services.files import attach_file, detach_file, reserve_upload, store_upload
from invoices.services.letters import resend_letter
from invoices.services.many import act_on, start_acting
from invoices.services.resolving import advance_transmissions, resolve_pending, watch_requests

__all__ = [
    "CounterpartyFacts",
    "InvoiceRequest",
    "LookUp",
    "Modification",
    "act_on",
    "advance_transmissions",
    "amend_invoice",
    "approve_by_link",
    "attach_file",
    "cancel_by_link",
    "cancel_issuance",
    "cancel_request",
    "connect_counterparty",
    "connect_partner",
    "create_checked_counterparty",
    "create_counterparty",
    "create_invoices",
    "delete_counterparty",
    "delete_invoice",
    "detach_file",
    "disconnect_counterparty",
    "disconnect_partner",
    "draft_invoice",
    "finish_connections",
    "issue_invoice",
    "process_bulk",
    "refresh_counterparties",
    "refuse_by_link",
    "refuse_request",
    "request_invoice",
    "resend_letter",
    "reserve_upload",
    "resolve_pending",
    "retry_bulk",
    "send_bulk",
    "send_to_nts",
    "set_memo",
    "start_acting",
    "start_connecting_partners",
    "store_upload",
    "sweep_bulks",
    "update_checked_counterparty",
    "update_counterparty",
    "update_draft",
    "watch_requests",
    "with_business_info",
]
