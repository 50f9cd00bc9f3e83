from __future__ import annotations

import re
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _

from core.companies.access import rows
from core.companies.models import Workspace
from partners.banks import BANKS
from partners.console.forms.fields import Body, VersionedForm
from partners.identifiers import parse_business_number
from partners.models import (
    Contract,
    Partner,
    PartnerType,
    PropertyDefinition,
    TaxationType,
)
from partners.services.facts import CURRENCIES

BANK_CHOICES = [("", "고르세요")] + [
    (bank.id, bank.name) for bank in BANKS.values() if bank.accepts_partners
]
CURRENCY_CHOICES = [(code, code) for code in sorted(CURRENCIES, key=lambda c: (c != "KRW", c))]
TYPE_KEYS = {
    PartnerType.BUSINESS: "business",
    PartnerType.WHT_PAYER: "whtPayer",
    PartnerType.NON_WHT_PAYER: "nonWhtPayer",
}
BUSINESS = {
    "business_registration_number": "businessRegistrationNumber",
    "company_name": "companyName",
    "representative_name": "representativeName",
    "taxation_type": "taxationType",
    "company_address": "companyAddress",
    "business_type": "businessType",
    "business_class": "businessClass",
}
NEEDED_OF_BUSINESSES = ("business_registration_number", "company_name", "representative_name")
CONTACT = {"contact_name": "name", "contact_email": "email", "contact_phone": "phoneNumber"}
ACCOUNT = {
    "bank": "bank",
    "account_number": "number",
    "account_holder": "holder",
    "currency": "currency",
}
PROPERTY = "property_"


class PartnerForm(VersionedForm):
    type = forms.ChoiceField(
        label="파트너 유형",
        choices=PartnerType.choices,
        widget=forms.RadioSelect,
        initial=PartnerType.BUSINESS,
    )
    default_contract = forms.ModelChoiceField(
        label="기본 계약", queryset=Contract.objects.none(), empty_label="고르세요"
    )
    tags = forms.CharField(label="태그", required=False, help_text="쉼표로 나누어 10개까지 적어요.")

    business_registration_number = forms.CharField(
        label="사업자등록번호",
        max_length=14,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    company_name = forms.CharField(label="상호", max_length=200, required=False)
    representative_name = forms.CharField(label="대표자명", max_length=100, required=False)
    taxation_type = forms.ChoiceField(
        label="과세 유형", choices=TaxationType.choices, required=False
    )
    company_address = forms.CharField(label="주소", max_length=300, required=False)
    business_type = forms.CharField(label="업태", max_length=100, required=False)
    business_class = forms.CharField(label="종목", max_length=100, required=False)
    birthdate = forms.DateField(
        label="생년월일",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    bank = forms.ChoiceField(label="은행", choices=BANK_CHOICES)
    account_number = forms.CharField(
        label="계좌번호",
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    account_holder = forms.CharField(label="예금주", max_length=100)
    currency = forms.ChoiceField(label="통화", choices=CURRENCY_CHOICES, initial="KRW")

    contact_name = forms.CharField(label="담당자명", max_length=100)
    contact_email = forms.EmailField(
        label="담당자 이메일", help_text="정산내역서와 역발행 요청을 이 주소로 보내요."
    )
    contact_phone = forms.CharField(label="담당자 전화번호", max_length=20, required=False)

    def __init__(
        self,
        *args: Any,
        workspace: Workspace,
        sees_secrets: bool,
        row: Partner | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, row=row, **kwargs)
        contracts = rows(Contract, workspace).filter(is_archived=False)
        if row:
            contracts |= rows(Contract, workspace).filter(pk=row.default_contract_id)
            help_text = _("지금 계좌는 %(number)s이에요. 바꿀 때만 적어요.")
            self.fields["account_number"].help_text = help_text % {"number": row.account_masked}
        contract_field: Any = self.fields["default_contract"]
        contract_field.queryset = contracts.order_by("name")
        self.workspace = workspace
        self.definitions = self._add_properties(sees_secrets, row)

    def _add_properties(self, sees_secrets: bool, row: Partner | None) -> list[PropertyDefinition]:
        definitions = PropertyDefinition.objects.filter(
            workspace=self.workspace, object_type=PropertyDefinition.ObjectType.PARTNER
        ).order_by("pk")
        if not sees_secrets:
            definitions = definitions.filter(is_secret=False)
        names = [f"{PROPERTY}{definition.key}" for definition in definitions]
        for name, definition in zip(names, definitions, strict=True):
            self.fields[name] = forms.CharField(
                label=definition.name, max_length=500, required=False
            )
            self.initial[name] = row.properties.get(definition.key, "") if row else ""
        self.remember_opened(names)
        return list(definitions)

    def initial_of(self, row: Partner) -> dict[str, Any]:
        names = {*BUSINESS, *CONTACT, *ACCOUNT, "type", "default_contract"} - {"account_number"}
        return super().initial_of(row) | {
            **{name: getattr(row, name) for name in names},
            "tags": ", ".join(row.tags),
            "birthdate": row.birthdate or None,
        }

    @property
    def parts(self) -> dict[str, list[BoundField]]:
        """The fields of each part of the page."""
        parts: dict[str, tuple[str, ...]] = {
            "basic": ("public_id", "name", "type", "default_contract", "tags", "memo"),
            "business": tuple(BUSINESS),
            "person": ("birthdate",),
            "account": tuple(ACCOUNT),
            "contact": tuple(CONTACT),
            "properties": tuple(f"{PROPERTY}{d.key}" for d in self.definitions),
            "when": ("applied_at",),
        }
        return {
            part: [self[name] for name in names if name in self.fields]
            for part, names in parts.items()
        }

    def clean_business_registration_number(self) -> str:
        text: str = self.cleaned_data["business_registration_number"]
        try:
            return parse_business_number(text, test=self.workspace.is_test) if text else ""
        except ValueError as error:
            raise forms.ValidationError(str(error)) from None

    def clean_tags(self) -> list[str]:
        tags = [tag.strip() for tag in re.split(r"[,;]", self.cleaned_data["tags"])]
        found = list(dict.fromkeys(tag for tag in tags if tag))
        if len(found) > 10 or any(len(tag) > 50 for tag in found):
            raise forms.ValidationError("태그는 10개까지, 하나에 50자까지입니다.")
        return found

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("type") == PartnerType.BUSINESS:
            for name in NEEDED_OF_BUSINESSES:
                if name not in self.errors and not data.get(name):
                    self.add_error(name, "사업자에게 필요한 값입니다.")
        if self.row is None and not data.get("account_number"):
            self.add_error("account_number", "계좌번호를 적어 주세요.")
        return data

    def body(self) -> Body:
        data, body = self.cleaned_data, super().body()
        if self.said("tags"):
            body["tags"] = data["tags"]
        if self.said("default_contract"):
            body["defaultContractId"] = data["default_contract"].public_id
        parts = {
            "contact": self._named(CONTACT),
            "account": self._account(),
            "type": self._kind(),
            "userDefinedProperties": self._properties(),
        }
        return body | {name: part for name, part in parts.items() if part}

    def _named(self, names: dict[str, str]) -> Body:
        data = self.cleaned_data
        wanted = {name: wire for name, wire in names.items() if self.said(name)}
        if self.row is None:
            wanted = {name: wire for name, wire in wanted.items() if data[name]}
        return {wire: data[name] for name, wire in wanted.items()}

    def _account(self) -> Body:
        """The account as it is now with what was changed on the page."""
        changed = {name for name in ACCOUNT if self.said(name)}
        if "account_number" in changed:  # typed for the bank that stood beside it
            changed |= {"bank", "currency"}
        if not changed:
            return {}
        now = {wire: getattr(self.row, name, "") for name, wire in ACCOUNT.items()}
        return now | {ACCOUNT[name]: self.cleaned_data[name] for name in changed}

    def _kind(self) -> Body:
        data = self.cleaned_data
        type_ = PartnerType(data["type"])
        if type_ == PartnerType.BUSINESS:
            facts = self._named(BUSINESS)
            if self.row is not None and "type" in self.changed_data:
                facts = {wire: data[name] for name, wire in BUSINESS.items() if data[name]}
        else:
            born = data["birthdate"]
            facts = {"birthdate": born.isoformat()} if born and self.said("birthdate") else {}
        return {TYPE_KEYS[type_]: facts} if facts or self.said("type") else {}

    def _properties(self) -> Body:
        return {
            definition.key: {"string": self.cleaned_data[f"{PROPERTY}{definition.key}"]}
            for definition in self.definitions
            if f"{PROPERTY}{definition.key}" in self.changed_data
        }
