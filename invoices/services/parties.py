"""Who supplies and who receives: found, checked and filled in from what we know."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

from django.db.models import OuterRef, QuerySet, Subquery

from core.companies.access import rows
from core.companies.models import Company, Workspace
from invoices.documents import Contact, Content, Party
from invoices.errors import (
    CounterpartyNotConnected,
    InvalidDocument,
    RecipientNotFound,
    SupplierNotFound,
)
from invoices.models import Counterparty, TaxInvoice
from partners.models import Partner


@dataclass(frozen=True)
class Parties:
    supplier: Party
    recipient: Party
    supplier_counterparty: Counterparty | None = None
    recipient_counterparty: Counterparty | None = None


def resolve_parties(workspace: Workspace, content: Content) -> Parties:
    """Complete both sides (contract.md c.10).

    REVERSE: a connected counterparty supplies us. NORMAL: we supply anybody. Raises
    SupplierNotFound, RecipientNotFound or CounterpartyNotConnected.
    """
    company = workspace.company
    if content.issuance_type == "REVERSE":
        supplier, counterparty = _reverse_supplier(workspace, content.supplier)
        recipient = _ourselves(company, content.recipient, RecipientNotFound)
        return Parties(supplier, recipient, supplier_counterparty=counterparty)
    supplier = _ourselves(company, content.supplier or Party(), SupplierNotFound)
    recipient, known = _recipient(workspace, content.recipient)
    return Parties(supplier, recipient, recipient_counterparty=known)


def _reverse_supplier(workspace: Workspace, given: Party | None) -> tuple[Party, Counterparty]:
    given = given or Party()
    found = find_counterparty(workspace, given)
    if found is None:
        raise SupplierNotFound(**_who(given))
    if found.connection != Counterparty.Connection.CONNECTED:
        raise CounterpartyNotConnected(
            brn=found.business_registration_number, counterpartyId=found.public_id
        )
    return completed(given, party_of_counterparty(found)), found


def _recipient(workspace: Workspace, given: Party) -> tuple[Party, Counterparty | None]:
    found = find_counterparty(workspace, given)
    if found is None and (given.counterparty_id or not given.brn):
        raise RecipientNotFound(**_who(given))
    if found is None:
        return given, None
    return completed(given, party_of_counterparty(found)), found


def _ourselves(
    company: Company, given: Party, error: type[SupplierNotFound] | type[RecipientNotFound]
) -> Party:
    us = party_of_company(company)
    if not us.brn:
        raise InvalidDocument(
            "작성되지 않았습니다. 우리 회사의 사업자등록번호를 먼저 등록해 주세요."
        )
    if given.brn and given.brn != us.brn:
        raise error(brn=given.brn)
    return completed(given, us)


def find_counterparty(workspace: Workspace, given: Party) -> Counterparty | None:
    """By id, else by registration number: a connected one before others, then the oldest."""
    known = rows(Counterparty, workspace).filter(is_deleted=False).select_related("partner")
    if given.counterparty_id:
        return known.filter(public_id=given.counterparty_id).first()
    if not given.brn:
        return None
    same = list(known.filter(business_registration_number=given.brn).order_by("pk"))
    connected = [row for row in same if row.connection == Counterparty.Connection.CONNECTED]
    return next(iter(connected or same), None)


def adopt_suppliers(invoices: QuerySet[TaxInvoice]) -> None:
    """Suppliers that were connected after a bulk had written their documents."""
    connected = Counterparty.objects.filter(
        workspace=OuterRef("workspace"),
        business_registration_number=OuterRef("supplier_brn"),
        connection=Counterparty.Connection.CONNECTED,
        is_deleted=False,
    ).order_by("pk")
    strangers = invoices.filter(issuance_type="REVERSE", supplier_counterparty=None)
    strangers.update(supplier_counterparty=Subquery(connected.values("pk")[:1]))


def party_of_counterparty(row: Counterparty) -> Party:
    """A partner's facts are the partner's; only our own counterparties speak for themselves."""
    if row.partner is not None:
        return replace(party_of_partner(row.partner), counterparty_id=row.public_id)
    return Party(
        brn=row.business_registration_number,
        counterparty_id=row.public_id,
        name=row.company_name,
        representative_name=row.representative_name,
        address=row.address,
        business_type=row.business_type,
        business_class=row.business_class,
        contact=Contact(
            email=row.contact.get("email", ""),
            name=row.contact.get("name", ""),
            phone_number=row.contact.get("phoneNumber", ""),
        ),
    )


def party_of_partner(partner: Partner) -> Party:
    return Party(
        brn=partner.business_registration_number,
        name=partner.company_name or partner.name,
        representative_name=partner.representative_name,
        address=partner.company_address,
        business_type=partner.business_type,
        business_class=partner.business_class,
        contact=Contact(
            email=partner.contact_email,
            name=partner.contact_name,
            phone_number=partner.contact_phone,
        ),
    )


def party_of_company(company: Company) -> Party:
    return Party(
        brn=company.business_registration_number,
        name=company.name,
        representative_name=company.representative_name,
        address=company.address,
        business_type=company.business_type,
        business_class=company.business_class,
        contact=Contact(
            email=company.contact_email,
            name=company.contact_name,
            phone_number=company.contact_phone,
        ),
    )


def completed(given: Party, known: Party) -> Party:
    """What the writer left empty, from what we know."""
    missing = {
        field.name: getattr(known, field.name)
        for field in fields(Party)
        if not getattr(given, field.name)
    }
    return replace(given, **missing)


def additional_contacts(content: Content, parties: Parties) -> tuple[Contact, ...]:
    """The writer's, or the counterparty's when the writer asked for them."""
    counterparty = parties.supplier_counterparty or parties.recipient_counterparty
    if content.additional_contacts or not content.use_counterparty_additional_contacts:
        return content.additional_contacts
    listed = counterparty.additional_contacts if counterparty else []
    return tuple(
        Contact(email=c["email"], name=c.get("name", ""), phone_number=c.get("phoneNumber", ""))
        for c in listed
    )


def _who(given: Party) -> dict[str, str]:
    pairs = {"brn": given.brn, "counterpartyId": given.counterparty_id}
    return {name: value for name, value in pairs.items() if value}
