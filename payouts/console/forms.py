"""Forms of the payout pages."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from core import clock
from core.companies.access import rows
from core.companies.models import Workspace
from core.console.access import ConsoleRequest
from core.console.forms import OtpField
from invoices.console.forms import day
from partners.banks import BANKS
from partners.models import Contract, Partner
from payouts.console.words import RAILS as RAIL_NAMES
from payouts.console.words import source
from payouts.models import FundingAccount, PayoutMethod
from payouts.queries.problems import setting_of
from payouts.rails import RAILS
from payouts.services.schedule import SLOT_MINUTES, is_bank_maintenance
from settlements.models import PartnerSettlement, TransferType
from settlements.queries import PAYABLE, SettlementFilter

MOST_DATES = 10
"""Settlement dates named one by one (contract.md h.4 create)."""
DAY = {"type": "date"}


class ActForm(forms.Form):
    """The inputs of a sheet; `subject` is what it is about."""

    def __init__(
        self, data: Any = None, *, request: ConsoleRequest, subject: Any, initial: dict[str, Any]
    ) -> None:
        super().__init__(data, initial=initial, auto_id="act_%s")
        self.request, self.subject = request, subject


class ReasonForm(ActForm):
    reason = forms.CharField(
        label="사유", max_length=256, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )


class OptionalReasonForm(ReasonForm):
    reason = forms.CharField(label="사유", max_length=256, required=False)


class MemoForm(ActForm):
    withdrawal_memo = forms.CharField(
        label="보내는 이 통장 메모", max_length=20, required=False, help_text="20자까지"
    )
    deposit_memo = forms.CharField(
        label="받는 이 통장 메모", max_length=20, required=False, help_text="20자까지"
    )
    memo = forms.CharField(label="관리용 메모", max_length=256, required=False)

    def chosen(self) -> dict[str, str]:
        return {
            name: self.cleaned_data[name] for name in ("withdrawal_memo", "deposit_memo", "memo")
        }


class BulkMemoForm(MemoForm):
    """A field left empty changes nothing: many payouts are not cleared by an oversight."""

    only_empty = forms.BooleanField(label="비어 있는 메모만 채우기", required=False, initial=True)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not any(data.get(name) for name in ("withdrawal_memo", "deposit_memo", "memo")):
            raise forms.ValidationError("메모를 바꾸지 않았습니다. 한 칸은 적어 주세요.")
        return data


def slots() -> list[tuple[str, str]]:
    """Every ten minutes the bank is open."""
    found = []
    for minutes in range(0, 24 * 60, SLOT_MINUTES):
        moment = datetime(2026, 1, 1, minutes // 60, minutes % 60, tzinfo=clock.KST)
        if not is_bank_maintenance(moment):
            found.append((f"{moment:%H:%M}", f"{moment:%H:%M}"))
    return found


class SlotMixin(forms.Form):
    day = forms.DateField(
        label="예약 날짜", required=False, widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d")
    )
    slot = forms.ChoiceField(
        label="예약 시각",
        required=False,
        choices=[("", "고르기"), *slots()],
        help_text="10분 단위. 22:50–01:00은 은행 점검 시간이라 고를 수 없어요.",
    )

    @staticmethod
    def moment(day: date | None, slot: str) -> datetime | None:
        if day is None or not slot:
            return None
        hour, minute = map(int, slot.split(":"))
        return datetime.combine(day, time(hour, minute), tzinfo=clock.KST)


class RescheduleForm(SlotMixin, ActForm):
    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        data["moment"] = self.moment(data.get("day"), data.get("slot", ""))
        if data["moment"] is None:
            raise forms.ValidationError("예약을 바꾸지 않았습니다. 날짜와 시각을 골라 주세요.")
        return data


class RequestForm(SlotMixin, ActForm):
    account = forms.ModelChoiceField(
        label="출금 계좌", queryset=FundingAccount.objects.none(), empty_label=None
    )
    when = forms.ChoiceField(
        label="실행",
        choices=[("now", "승인 즉시"), ("later", "예약")],
        widget=forms.RadioSelect,
        initial="now",
    )
    field_order = ("account", "when", "day", "slot")

    def __init__(self, data: Any = None, **given: Any) -> None:
        super().__init__(data, **given)
        field = self.fields["account"]
        field.queryset = rows(FundingAccount, self.request.workspace).filter(is_active=True)  # type: ignore[attr-defined]
        field.label_from_instance = source  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        data["moment"] = None
        if data.get("when") == "later":
            data["moment"] = self.moment(data.get("day"), data.get("slot", ""))
            if data["moment"] is None:
                raise forms.ValidationError(
                    "승인을 요청하지 않았습니다. 예약할 날짜와 시각을 골라 주세요."
                )
        return data


class InvoiceForm(ActForm):
    write_date = day("작성일")


class PaidForm(ActForm):
    paid_on = day("지급한 날")

    def clean_paid_on(self) -> date:
        paid_on: date = self.cleaned_data["paid_on"]
        if paid_on > clock.today():
            raise forms.ValidationError("기록하지 않았습니다. 앞으로 올 날은 고를 수 없습니다.")
        return paid_on


class AccountForm(forms.Form):
    name = forms.CharField(label="이름", max_length=100, help_text="콘솔에서 부를 이름이에요.")
    rail = forms.ChoiceField(
        label="지급 수단", choices=[(name, RAIL_NAMES.get(name, name)) for name in RAILS]
    )
    bank = forms.ChoiceField(
        label="은행",
        choices=[(bank.id, bank.name) for bank in BANKS.values() if bank.is_payout_target],
        initial="KOOKMIN",
    )
    account_number = forms.RegexField(
        label="계좌번호",
        regex=r"^[0-9-]{8,24}$",
        error_messages={"invalid": "계좌를 등록하지 않았습니다. 숫자 8–20자리를 적어 주세요."},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    holder = forms.CharField(label="예금주", max_length=100)

    def clean_account_number(self) -> str:
        digits = str(self.cleaned_data["account_number"]).replace("-", "")
        if not 8 <= len(digits) <= 20:
            raise forms.ValidationError("계좌를 등록하지 않았습니다. 숫자 8–20자리를 적어 주세요.")
        return digits


class CreateForm(forms.Form):
    """Which settlements a new bulk payout takes. What is left empty restricts nothing."""

    name = forms.CharField(label="이름", max_length=200)
    method = forms.ChoiceField(
        label="지급 방법",
        choices=PayoutMethod.choices,
        initial=PayoutMethod.AGENCY,
        widget=forms.RadioSelect,
        help_text="송금 대행은 이 시스템이 이체하고, 직접 지급은 결과만 기록해요.",
    )
    currency = forms.ChoiceField(label="통화", choices=[("KRW", "KRW")], initial="KRW")
    start = forms.DateField(
        label="정산일 시작", required=False, widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d")
    )
    end = forms.DateField(
        label="정산일 끝", required=False, widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d")
    )
    dates = forms.CharField(
        label="정산일 지정",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "placeholder": "2026-10-31, 2026-11-15"}),
        help_text="쉼표나 줄바꿈으로 10개까지. 적으면 기간 대신 이 날들만 골라요.",
    )
    partners = forms.CharField(
        label="파트너 아이디",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="쉼표나 줄바꿈으로 여럿. 비우면 모든 파트너예요.",
    )
    contracts = forms.ModelMultipleChoiceField(
        label="계약",
        required=False,
        queryset=Contract.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        help_text="고르지 않으면 모든 계약이에요.",
    )
    types = forms.MultipleChoiceField(
        label="구분",
        required=False,
        choices=TransferType.choices,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, data: Any = None, *, workspace: Workspace, **given: Any) -> None:
        super().__init__(data, **given)
        self.workspace = workspace
        self.fields["contracts"].queryset = rows(Contract, workspace).order_by("name")  # type: ignore[attr-defined]
        self.fields["currency"].choices = [(each, each) for each in _currencies(workspace)]  # type: ignore[attr-defined]

    def clean_dates(self) -> tuple[date, ...]:
        words = _words(self.cleaned_data["dates"])
        try:
            days = tuple(sorted({date.fromisoformat(word) for word in words}))
        except ValueError:
            raise forms.ValidationError("날짜는 2026-10-31처럼 적어 주세요.") from None
        if len(days) > MOST_DATES:
            raise forms.ValidationError(
                _("정산일은 %(most)s개까지 지정할 수 있습니다.") % {"most": MOST_DATES}
            )
        return days

    def clean_partners(self) -> tuple[str, ...]:
        wanted = tuple(dict.fromkeys(_words(self.cleaned_data["partners"])))
        known = rows(Partner, self.workspace).filter(public_id__in=wanted)
        missing = sorted(set(wanted) - set(known.values_list("public_id", flat=True)))
        if missing:
            raise forms.ValidationError(
                _("없는 파트너 아이디입니다: %(ids)s") % {"ids": ", ".join(missing[:5])}
            )
        return wanted

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        start, end = data.get("start"), data.get("end")
        if start and end and start > end:
            raise forms.ValidationError("정산일 시작이 끝보다 늦습니다.")
        return data

    def wanted(self) -> SettlementFilter | None:
        """The filter; None when the period holds no payable settlement."""
        data = self.cleaned_data
        days = data["dates"] or self._days_of_period(data.get("start"), data.get("end"))
        if days == () and (data.get("start") or data.get("end")):
            return None
        return SettlementFilter(
            settlement_dates=days,
            partner_ids=data["partners"],
            contract_ids=tuple(data["contracts"].values_list("public_id", flat=True)),
            settlement_currencies=(data["currency"],),
            types=tuple(data["types"]),
        )

    def _days_of_period(self, start: date | None, end: date | None) -> tuple[date, ...]:
        """A period means the dates in it that have something to pay."""
        if start is None and end is None:
            return ()
        found = rows(PartnerSettlement, self.workspace).filter(status__in=PAYABLE)
        if start:
            found = found.filter(settlement_date__gte=start)
        if end:
            found = found.filter(settlement_date__lte=end)
        days = found.order_by("settlement_date").values_list("settlement_date", flat=True)
        return tuple(days.distinct())


def _words(text: str) -> list[str]:
    return text.replace(",", " ").split()


def _currencies(workspace: Workspace) -> list[str]:
    """KRW first, then whatever is owed in something else."""
    owed = rows(PartnerSettlement, workspace).filter(status__in=PAYABLE)
    others = owed.exclude(settlement_currency="KRW").order_by("settlement_currency")
    return ["KRW", *others.values_list("settlement_currency", flat=True).distinct()]


class OtpActForm(ActForm):
    """A fresh code where the workspace demands one (contract.md h.6)."""

    otp = OtpField()

    def __init__(self, data: Any = None, **given: Any) -> None:
        super().__init__(data, **given)
        if not setting_of(self.request.workspace).requires_otp:
            del self.fields["otp"]
