from __future__ import annotations

from typing import Any

from django import forms

from core.console.forms import changes_of, remember_opened
from partners.models import PlatformSetting, PropertyDefinition, SettlementAmountType
from partners.services.settings import COLUMNS


class SettingForm(forms.Form):
    """One field per field of inputs.UpdateSafeguards, by the same name."""

    settlement_amount_type = forms.ChoiceField(
        label="정산 금액 기준",
        choices=SettlementAmountType.choices,
        widget=forms.RadioSelect,
        help_text="합계금액은 정산 금액 안에 부가세가 있고, 공급가액은 지급할 때 부가세를 더해요.",
    )
    deduct_wht = forms.BooleanField(
        label="원천징수 대상자에게서 3.3%를 공제하고 지급", required=False
    )
    supports_multiple_order_transfers_per_partner = forms.BooleanField(
        label="같은 결제·파트너의 주문을 여러 건 받기",
        required=False,
        help_text="끄면 같은 결제 아이디의 주문이 다시 들어올 때 거절해요.",
    )
    adjust_settlement_date_after_holiday_if_earlier = forms.BooleanField(
        label="정산일이 정산 시작일보다 앞서면 공휴일 뒤 영업일로",
        required=False,
    )
    manual_settlement_per_transfer = forms.BooleanField(
        label="수기 정산을 건별로 지급",
        required=False,
        help_text="켜면 수기 정산이 한 건씩 지급되고, 음수 금액은 받지 않아요.",
    )
    default_withdrawal_memo = forms.CharField(
        label="보내는 이 통장 메모", max_length=20, required=False
    )
    default_deposit_memo = forms.CharField(label="받는 이 통장 메모", max_length=20, required=False)
    issues_commission_invoices = forms.BooleanField(
        label="지급할 때 중개수수료 세금계산서를 정발행", required=False
    )
    requests_supply_invoices = forms.BooleanField(
        label="지급할 때 파트너 공급분을 역발행으로 요청", required=False
    )
    requires_second_person = forms.BooleanField(
        label="지급은 요청한 사람과 승인하는 사람이 달라야 함", required=False
    )
    requires_otp = forms.BooleanField(label="지급을 실행할 때마다 OTP 확인", required=False)
    account_change_hold_hours = forms.IntegerField(
        label="계좌가 바뀐 뒤 지급을 보류하는 시간",
        min_value=0,
        max_value=720,
        help_text="0이면 보류하지 않아요. 계좌를 바꿔치기하는 사고를 막는 데 24시간을 권해요.",
    )

    def __init__(self, *args: Any, setting: PlatformSetting, **kwargs: Any) -> None:
        kwargs["initial"] = {name: getattr(setting, column) for name, column in COLUMNS.items()}
        super().__init__(*args, **kwargs)
        remember_opened(self, self.fields)

    def body(self) -> dict[str, Any]:
        """What was changed on the page: a guard that somebody else turned on meanwhile stays."""
        return {_camel(name): value for name, value in changes_of(self).items()}


def _camel(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(word.capitalize() for word in rest)


class PropertyForm(forms.Form):
    object_type = forms.ChoiceField(
        label="대상", choices=PropertyDefinition.ObjectType.choices, widget=forms.RadioSelect
    )
    key = forms.RegexField(
        label="키",
        regex=r"^[A-Za-z0-9_]{1,60}$",
        help_text="API와 파일에서 쓰는 이름이에요. 나중에 바꿀 수 없어요.",
        error_messages={"invalid": "영문, 숫자, 밑줄로 60자까지 적어 주세요."},
    )
    name = forms.CharField(label="이름", max_length=100)
    is_secret = forms.BooleanField(label="소유자와 관리자만 보기", required=False)
