"""Forms beside the document: amendments, letters, counterparties, files."""

from __future__ import annotations

from django import forms

from core.business_number import is_valid, normalised
from core.console.forms import MoneyField
from invoices.console.forms import day, text
from invoices.models import IssuanceType, ModificationType


class AmendForm(forms.Form):
    reason = forms.ChoiceField(
        label="수정 사유", choices=ModificationType.choices, widget=forms.RadioSelect
    )
    event_date = day("사유가 생긴 날", required=False, help_text="비우면 오늘이에요.")
    supply = MoneyField(
        label="달라진 공급가액", required=False, help_text="줄어든 금액은 −를 붙여요."
    )
    tax = MoneyField(label="달라진 세액", required=False, help_text="비우면 10%로 계산해요.")


class ResendForm(forms.Form):
    email = forms.EmailField(
        label="받는 이메일", required=False, help_text="비우면 앞서 보낸 주소로 보내요."
    )


class CounterpartyForm(forms.Form):
    brn = forms.CharField(
        label="사업자등록번호", max_length=14, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    name = text("상호", 200)
    representative_name = forms.CharField(label="대표자", max_length=100)
    address = text("주소", 300)
    business_type = text("업태", 100)
    business_class = text("종목", 100)
    contact_name = forms.CharField(label="담당자", max_length=100)
    contact_email = forms.EmailField(label="담당자 이메일")
    contact_phone = text("담당자 연락처", 20)
    additional_emails = text("추가 담당자 이메일", 500, help_text="쉼표로 나누어 5명까지 적어요.")
    memo = text("메모", 256)
    checks_status = forms.BooleanField(label="저장하면서 휴폐업 조회", required=False, initial=True)

    def clean_brn(self) -> str:
        brn = normalised(self.cleaned_data["brn"])
        if not is_valid(brn):
            raise forms.ValidationError("올바른 사업자등록번호가 아닙니다.")
        return brn

    def clean_additional_emails(self) -> list[str]:
        emails = [e.strip() for e in self.cleaned_data["additional_emails"].split(",") if e.strip()]
        for email in emails:
            forms.EmailField().clean(email)
        return emails


def file_field(label: str) -> forms.FileField:
    return forms.FileField(
        label=label,
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
        error_messages={"required": "올릴 파일을 골라 주세요.", "empty": "빈 파일입니다."},
    )


class DocumentFileForm(forms.Form):
    file = file_field("세금계산서 파일")
    issuance_type = forms.ChoiceField(
        label="발행 유형",
        choices=IssuanceType.choices,
        widget=forms.RadioSelect,
        initial=IssuanceType.REVERSE,
    )


class CounterpartyFileForm(forms.Form):
    file = file_field("거래처 파일")
