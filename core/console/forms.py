"""Forms of the console's own pages."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password

from core.companies.models import Permission, Role
from core.companies.services import parsed_networks
from core.errors import InvalidRequest
from core.money import WON, decimals
from core.tables import BadCell
from core.tables.numbers import money, one_currency

GRANTABLE_ROLES = [(role.value, role.label) for role in Role if role != Role.API_SECRET]
SCOPES = [
    (Permission.POLICY_READ, "정책 조회"),
    (Permission.POLICY_WRITE, "정책 변경"),
    (Permission.CALCULATOR_READ, "계산식 조회"),
    (Permission.CALCULATOR_WRITE, "계산식 변경"),
    (Permission.PARTNER_READ, "파트너 조회"),
    (Permission.PARTNER_WRITE, "파트너 변경"),
    (Permission.TRANSFER_READ, "정산건 조회"),
    (Permission.TRANSFER_WRITE, "정산건 등록·취소"),
    (Permission.SETTLEMENT_READ, "정산 내역 조회"),
    (Permission.SETTLEMENT_WRITE, "정산 내역 변경"),
    (Permission.PAYOUT_READ, "지급 조회"),
    (Permission.PAYOUT_WRITE, "지급 작성"),
    (Permission.PAYOUT_APPROVE, "지급 승인 (2인 승인과 OTP를 끈 환경에서만)"),
    (Permission.INVOICE_READ, "세금계산서 조회"),
    (Permission.INVOICE_WRITE, "세금계산서 발행·취소"),
    (Permission.ACCOUNT_READ, "이체 내역 조회"),
    (Permission.ACCOUNT_WRITE, "이체 등록"),
    (Permission.PROPERTY_READ, "사용자 정의 속성 조회"),
    (Permission.PROPERTY_WRITE, "사용자 정의 속성 변경"),
    (Permission.SECRET_VIEW, "비밀 속성 조회"),
    (Permission.EXCEL_DOWNLOAD, "파일 내려받기"),
    (Permission.FILE_UPLOAD, "파일 올리기"),
    (Permission.RECORD_READ, "작업·기록 조회"),
    (Permission.INTEGRATION, "웹훅 관리"),
]
"""What a program may be given. Inviting people stays with people, and so does letting money go
wherever the settings ask for a second person or an OTP."""


INITIAL = "initial-"
"""How Django's hidden inputs begin; of boxes without a tick there are none."""


def remember_opened(form: forms.Form, names: Iterable[str]) -> None:
    """A page carries what it showed when it was opened, and what differs from that is a change. A
    program that posts without it is compared with what is so now."""
    opened = not form.is_bound or any(name.startswith(INITIAL) for name in form.data)
    for name in names:
        form.fields[name].show_hidden_initial = opened


def changes_of(form: forms.Form) -> dict[str, Any]:
    """What was changed on a page that remembers how it was opened: the rest is left to whoever
    has changed it meanwhile."""
    return {name: form.cleaned_data[name] for name in form.changed_data}


def with_others_changes(form: forms.Form) -> dict[str, Any]:
    """What such a page says of everything: untouched is as it is now."""
    return {**form.initial, **changes_of(form)}


class MoneyField(forms.IntegerField):
    """An amount with or without separators, cleaned to the smallest unit of its currency:
    1,284,000 won, 12.34 dollars. A form that knows the currency says so by `count_in`."""

    widget = forms.TextInput(attrs={"inputmode": "numeric"})
    currency = WON

    def to_python(self, value: object) -> int | None:
        text = str(value or "").replace("−", "-").strip()
        if not (text and decimals(self.currency)):
            return super().to_python(text.replace(",", "").removesuffix("원").strip())
        try:
            said = money(text)  # which 12,34 is not: it may mean twelve or twelve hundred
            one_currency([said.currency, self.currency])
            return said.units(self.currency)
        except BadCell as bad:
            raise forms.ValidationError(bad.problem) from None


def count_in(currency: str, *counted: forms.Form) -> None:
    """The amounts of these forms are typed in this currency."""
    for form in counted:
        for field in form.fields.values():
            if isinstance(field, MoneyField):
                field.currency = currency


class OtpField(forms.CharField):
    """Six digits; check them with core.companies.otp.require_code."""

    def __init__(self) -> None:
        attributes = {
            "inputmode": "numeric",
            "autocomplete": "one-time-code",
            "placeholder": "000000",
        }
        super().__init__(
            label="OTP 번호",
            max_length=7,
            widget=forms.TextInput(attrs=attributes),
            help_text="인증 앱에 보이는 여섯 자리를 적어 주세요.",
        )


class MemberForm(forms.Form):
    name = forms.CharField(label="이름", max_length=100)
    email = forms.EmailField(label="이메일")
    role = forms.ChoiceField(label="역할", choices=GRANTABLE_ROLES)
    password = forms.CharField(
        label="임시 비밀번호",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="처음 로그인할 때 써요. 이미 계정이 있는 사람이면 쓰지 않아요.",
    )

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        validate_password(password)
        return password


class SecretForm(forms.Form):
    name = forms.CharField(label="이름", max_length=100, help_text="어느 프로그램이 쓰는지 적어요.")
    expires_on = forms.DateField(
        label="만료일",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text="그날 밤 12시까지 쓸 수 있어요. 비우면 만료되지 않아요.",
    )
    scopes = forms.MultipleChoiceField(
        label="권한",
        choices=[(permission.value, label) for permission, label in SCOPES],
        widget=forms.CheckboxSelectMultiple,
    )

    networks = forms.CharField(
        label="허용 주소",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "placeholder": "203.0.113.0/24"}),
        help_text="이 주소에서만 쓸 수 있어요. 한 줄에 하나씩, CIDR도 돼요. 비우면 어디서나.",
    )
    requests_per_second = forms.IntegerField(
        label="초당 요청 수",
        required=False,
        min_value=1,
        max_value=100_000,
        help_text="넘으면 429로 답해요. 비우면 서버의 기본값.",
    )

    def clean_networks(self) -> list[str]:
        try:
            return parsed_networks(self.cleaned_data["networks"])
        except InvalidRequest as error:
            raise forms.ValidationError(error.message) from error


class RotateForm(forms.Form):
    OVERLAPS = [("0", "바로 끝냄"), ("1", "1시간"), ("24", "하루"), ("168", "7일")]

    overlap_hours = forms.TypedChoiceField(
        label="옛 시크릿을 함께 쓰는 기간", choices=OVERLAPS, initial="24", coerce=int
    )


class WebhookForm(forms.Form):
    url = forms.CharField(
        label="주소",
        max_length=500,
        widget=forms.URLInput(attrs={"placeholder": "https://example.com/webhooks"}),
        help_text="인터넷에서 닿는 https 주소만 쓸 수 있어요. 10초 안에 2xx로 답해야 해요.",
    )
    event_types = forms.MultipleChoiceField(
        label="이벤트",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="고르지 않으면 모든 이벤트를 보내요.",
    )

    def __init__(self, *args: Any, types: Iterable[str], **options: Any) -> None:
        super().__init__(*args, **options)
        choices = [(each, each) for each in sorted(types)]
        self.fields["event_types"].choices = choices  # type: ignore[attr-defined]


class BrandForm(forms.Form):
    colour = forms.RegexField(
        label="대표 색",
        regex=r"^#[0-9a-fA-F]{6}$",
        widget=forms.TextInput(attrs={"type": "color"}),
        error_messages={"invalid": "#0f5c5c 같은 색을 골라 주세요."},
        help_text="글자와 배경의 대비가 4.5:1보다 낮아지지 않게 자동으로 맞춰요.",
    )
    logo = forms.FileField(label="로고", required=False)
    sender_email = forms.EmailField(
        label="보내는 주소",
        required=False,
        help_text="메일 서버에서 이 도메인의 발신 인증(SPF, DKIM)을 마친 주소여야 해요.",
    )


class CurrentPasswordField(forms.CharField):
    """Check it with core.companies.passwords.require_password."""

    def __init__(self) -> None:
        attributes = {"autocomplete": "current-password"}
        super().__init__(label="지금 비밀번호", widget=forms.PasswordInput(attrs=attributes))


class OtpSetupForm(forms.Form):
    code = OtpField()
    current = CurrentPasswordField()


class PasswordForm(forms.Form):
    current = CurrentPasswordField()
    new = forms.CharField(
        label="새 비밀번호",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="8자 이상, 흔한 비밀번호는 쓸 수 없어요.",
    )

    def clean_new(self) -> str:
        password: str = self.cleaned_data["new"]
        validate_password(password)
        return password
