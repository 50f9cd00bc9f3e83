"""The document as people write it: the paper form, field by field."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import Any

from django import forms

from core import clock
from core.api.wire import FIRST_YEAR, LAST_YEAR
from core.business_number import normalised
from core.console.forms import MoneyField
from core.money import Rounding, added_vat, divide
from invoices.documents import Contact, Content, Item, Party, Scaled
from invoices.models import IssuanceType, PurposeType, TaxationType
from invoices.rules import plain_number

LINES = 4
"""Lines of the printed form; more can be added."""

PARTY_FIELDS = (
    "brn",
    "tax_registration_id",
    "name",
    "representative_name",
    "address",
    "business_type",
    "business_class",
)
CONTACT_FIELDS = ("name", "phone_number", "email")
METHODS = ("cash_amount", "check_amount", "note_amount", "credit_amount")


def text(label: str, length: int, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=length, required=False, **more)


def day(label: str, **more: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, validators=[_in_our_times], **more)


def _in_our_times(day: date) -> None:
    """As the API (core.api.wire): due dates are counted from it, and the calendar has an edge."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise forms.ValidationError("날짜를 확인해 주세요. 1900년부터 2999년까지 적을 수 있습니다.")


class DecimalField(forms.CharField):
    """A number with at most two decimals, kept exactly: 1,250.5 → Scaled(12505, 1)."""

    widget = forms.TextInput(attrs={"inputmode": "decimal"})

    def to_python(self, value: object) -> Any:
        plain = str(value or "").replace(",", "").replace("−", "-").strip()
        if not plain:
            return None
        found = re.fullmatch(r"(-?\d{1,15})(?:\.(\d{1,2}))?", plain)
        if found is None:
            raise forms.ValidationError("숫자로, 소수는 둘째 자리까지 적어 주세요.")
        whole, part = found[1], found[2] or ""
        return Scaled(int(whole + part), len(part))


class DocumentForm(forms.Form):
    """Everything but the lines. `other_*` is the side that is not us."""

    issuance_type = forms.ChoiceField(
        label="발행 유형",
        choices=IssuanceType.choices,
        widget=forms.RadioSelect,
        initial=IssuanceType.NORMAL,
    )
    taxation_type = forms.ChoiceField(
        label="과세 유형",
        choices=[("TAXABLE", "과세(10%)"), ("ZERO_RATED", "영세(0%)"), ("FREE", "면세(세액 없음)")],
        widget=forms.RadioSelect,
        initial=TaxationType.TAXABLE,
    )
    purpose_type = forms.ChoiceField(
        label="영수·청구",
        choices=PurposeType.choices,
        widget=forms.RadioSelect,
        initial=PurposeType.INVOICE,
    )
    write_date = day("작성일", initial=clock.today)
    counterparty_id = forms.CharField(required=False, widget=forms.HiddenInput)
    other_brn = text("등록번호", 14, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    other_tax_registration_id = text("종사업장", 4)
    other_name = text("상호", 200)
    other_representative_name = text("성명", 100)
    other_address = text("주소", 300)
    other_business_type = text("업태", 100)
    other_business_class = text("종목", 100)
    other_contact_name = text("담당자", 100)
    other_contact_phone_number = text("연락처", 20)
    other_contact_email = forms.EmailField(label="이메일", required=False)
    remark_1 = text("비고 1", 150)
    remark_2 = text("비고 2", 150)
    remark_3 = text("비고 3", 150)
    cash_amount = MoneyField(label="현금", required=False)
    check_amount = MoneyField(label="수표", required=False)
    note_amount = MoneyField(label="어음", required=False)
    credit_amount = MoneyField(label="외상미수금", required=False)
    serial_number = text("일련번호", 27)
    book_volume = forms.IntegerField(label="권", required=False, min_value=0, max_value=9999)
    book_issue = forms.IntegerField(label="호", required=False, min_value=0, max_value=9999)
    supplier_document_key = text("공급자 문서번호", 24)
    recipient_document_key = text("공급받는자 문서번호", 24)
    additional_emails = text("추가 담당자 이메일", 500, help_text="쉼표로 나누어 5명까지 적어요.")
    memo = text("관리용 메모", 256, help_text="우리만 봐요.")
    creates_counterparty = forms.BooleanField(label="이 상대방을 거래처로 등록", required=False)

    @property
    def other_fields(self) -> list[forms.BoundField]:
        """In the order of the printed form."""
        order = (
            "brn tax_registration_id name representative_name address "
            "business_type business_class contact_name contact_phone_number contact_email"
        )
        return [self[f"other_{name}"] for name in order.split()]

    def clean_other_brn(self) -> str:
        return normalised(self.cleaned_data["other_brn"])

    def clean_additional_emails(self) -> list[str]:
        emails = [e.strip() for e in self.cleaned_data["additional_emails"].split(",") if e.strip()]
        for email in emails:
            forms.EmailField().clean(email)
        return emails

    def content(self, items: tuple[Item, ...]) -> Content:
        """The document this form describes; totals are the sums of its lines."""
        given = self.cleaned_data
        other = self._other()
        supply = sum(item.supply_cost_amount or 0 for item in items)
        tax = sum(item.tax_amount or 0 for item in items)
        is_reverse = given["issuance_type"] == IssuanceType.REVERSE
        return Content(
            taxation_type=given["taxation_type"],
            issuance_type=given["issuance_type"],
            write_date=given["write_date"],
            purpose_type=given["purpose_type"],
            total_supply_amount=supply,
            total_tax_amount=tax,
            total_amount=supply + tax,
            supplier=other if is_reverse else None,
            recipient=Party() if is_reverse else other,
            remarks=tuple(filter(None, (given[f"remark_{n}"] for n in (1, 2, 3)))),
            items=items,
            additional_contacts=tuple(Contact(email) for email in given["additional_emails"]),
            serial_number=given["serial_number"],
            book_volume=given["book_volume"],
            book_issue=given["book_issue"],
            supplier_document_key=given["supplier_document_key"],
            recipient_document_key=given["recipient_document_key"],
            **{name: given[name] for name in METHODS},
        )

    def _other(self) -> Party:
        given = self.cleaned_data
        contact = {name: given[f"other_contact_{name}"] for name in CONTACT_FIELDS}
        return Party(
            counterparty_id=given["counterparty_id"],
            contact=Contact(**contact) if contact["email"] else None,
            **{name: given[f"other_{name}"] for name in PARTY_FIELDS},
        )


class LineForm(forms.Form):
    purchase_date = day("거래일", required=False)
    name = text("품목", 100)
    spec = text("규격", 60)
    quantity = DecimalField(label="수량", required=False)
    unit_cost = DecimalField(label="단가", required=False)
    supply = MoneyField(label="공급가액", required=False)
    tax = MoneyField(label="세액", required=False)
    remark = text("비고", 100)

    def item(self, taxation_type: str, write_date: date) -> Item | None:
        """The line, with amounts that were left out computed; None when nothing was written."""
        given = self.cleaned_data
        supply = given.get("supply")
        if supply is None and given.get("quantity") and given.get("unit_cost"):
            supply = multiplied(given["quantity"], given["unit_cost"])
        if supply is None and not given.get("name"):
            return None
        tax = given.get("tax")
        if tax is None or taxation_type != TaxationType.TAXABLE:
            tax = added_vat(supply or 0) if taxation_type == TaxationType.TAXABLE else 0
        return Item(
            purchase_date=given.get("purchase_date") or write_date,
            name=given.get("name", ""),
            spec=given.get("spec", ""),
            quantity=given.get("quantity"),
            unit_cost_amount=given.get("unit_cost"),
            supply_cost_amount=supply or 0,
            tax_amount=tax,
            remark=given.get("remark", ""),
        )


def multiplied(one: Scaled, other: Scaled) -> int:
    """quantity × unit cost in whole won, what is below a won dropped."""
    divisor = int("1" + "0" * (one.scale + other.scale))
    return divide(one.value * other.value, divisor, Rounding.DOWN)


LineFormSet = forms.formset_factory(LineForm, extra=LINES, max_num=99, absolute_max=99)


def items_of(lines: Any, taxation_type: str, write_date: date) -> tuple[Item, ...]:
    items = (
        line.item(taxation_type, write_date) for line in lines if hasattr(line, "cleaned_data")
    )
    return tuple(item for item in items if item is not None)


def initial_of(content: Content, memo: str = "") -> dict[str, Any]:
    """A document as the form shows it."""
    is_reverse = content.issuance_type == IssuanceType.REVERSE
    other = (content.supplier if is_reverse else content.recipient) or Party()
    shown: dict[str, Any] = {
        "issuance_type": content.issuance_type,
        "taxation_type": content.taxation_type,
        "purpose_type": content.purpose_type,
        "write_date": content.write_date,
        "serial_number": content.serial_number,
        "book_volume": content.book_volume,
        "book_issue": content.book_issue,
        "supplier_document_key": content.supplier_document_key,
        "recipient_document_key": content.recipient_document_key,
        "additional_emails": ", ".join(c.email for c in content.additional_contacts),
        "memo": memo,
    }
    remarks = {f"remark_{n}": remark for n, remark in enumerate(content.remarks, start=1)}
    methods = {name: getattr(content, name) for name in METHODS}
    return shown | remarks | methods | initial_of_party(other)


def with_unseen(content: Content, before: Content) -> Content:
    """What the form does not show stays: who is behind an address, a department, SMS."""
    known = {contact.email: contact for contact in before.additional_contacts}
    content = replace(
        content,
        send_sms=before.send_sms,
        additional_contacts=tuple(known.get(c.email, c) for c in content.additional_contacts),
    )
    if content.supplier and before.supplier:
        return replace(content, supplier=_same_person(content.supplier, before.supplier))
    return replace(content, recipient=_same_person(content.recipient, before.recipient))


def _same_person(party: Party, before: Party) -> Party:
    now, then = party.contact, before.contact
    if now is None or then is None or now.email != then.email:
        return party
    unseen = {"department": then.department, "mobile_phone_number": then.mobile_phone_number}
    return replace(party, contact=replace(now, **unseen))


def initial_of_party(party: Party) -> dict[str, Any]:
    contact = party.contact or Contact("")
    facts = {f"other_{name}": getattr(party, name) for name in PARTY_FIELDS}
    reach = {f"other_contact_{name}": getattr(contact, name) for name in CONTACT_FIELDS}
    return {"counterparty_id": party.counterparty_id} | facts | reach


def initial_of_lines(content: Content) -> list[dict[str, Any]]:
    """Lines may leave their amounts to the document; on the form the lines are all there is."""
    items = content.items or (Item(),)
    supplies = _shares([i.supply_cost_amount for i in items], content.total_supply_amount)
    taxes = _shares([i.tax_amount for i in items], content.total_tax_amount)
    return [
        {
            "purchase_date": item.purchase_date,
            "name": item.name,
            "spec": item.spec,
            "quantity": plain_number(item.quantity),
            "unit_cost": plain_number(item.unit_cost_amount),
            "supply": supply,
            "tax": tax,
            "remark": item.remark,
        }
        for item, supply, tax in zip(items, supplies, taxes, strict=True)
    ]


def _shares(amounts: list[int | None], total: int) -> list[int]:
    """What is left out counts nothing, or everything where no line says anything."""
    if all(amount is None for amount in amounts):
        return [total, *[0] * (len(amounts) - 1)]
    return [amount or 0 for amount in amounts]
