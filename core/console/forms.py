"""Forms of the console's own pages."""

from __future__ import annotations

from django import forms
from django.contrib.auth.password_validation import validate_password

from core.companies.models import Permission, Role

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
    (Permission.INVOICE_READ, "세금계산서 조회"),
    (Permission.INVOICE_WRITE, "세금계산서 발행·취소"),
    (Permission.ACCOUNT_READ, "이체 내역 조회"),
    (Permission.ACCOUNT_WRITE, "이체 등록"),
    (Permission.PROPERTY_READ, "사용자 정의 속성 조회"),
    (Permission.PROPERTY_WRITE, "사용자 정의 속성 변경"),
    (Permission.SECRET_VIEW, "비밀 속성 조회"),
    (Permission.EXCEL_DOWNLOAD, "파일 내려받기"),
    (Permission.FILE_UPLOAD, "파일 올리기"),
]
"""What a program may be given; approving money and inviting people stays with people."""


class MoneyField(forms.IntegerField):
    """Won with or without separators: 1,284,000."""

    widget = forms.TextInput(attrs={"inputmode": "numeric"})

    def to_python(self, value: object) -> int | None:
        text = str(value or "").replace(",", "").replace("−", "-").removesuffix("원").strip()
        return super().to_python(text)


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


class OtpSetupForm(forms.Form):
    code = OtpField()


class PasswordForm(forms.Form):
    current = forms.CharField(
        label="지금 비밀번호",
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new = forms.CharField(
        label="새 비밀번호",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="8자 이상, 흔한 비밀번호는 쓸 수 없어요.",
    )

    def clean_new(self) -> str:
        password: str = self.cleaned_data["new"]
        validate_password(password)
        return password
