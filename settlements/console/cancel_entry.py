"""주문 취소: what is left of an order, what was typed, and the cancel it says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict

from core import clock
from core.api.wire import check_dates, encode
from core.companies.identifiers import new_id
from core.console.access import ConsoleRequest
from core.console.forms import count_in
from core.errors import DomainError
from partners.inputs import parse
from partners.models import DiscountSharePolicyVersion
from settlements.calculator import Discount, Order
from settlements.calculator.portion import returnable
from settlements.console.entry_forms import (
    ALL,
    AMOUNT,
    LINES,
    EntryForm,
    Wire,
    count,
    filled,
    moment,
    text,
    won,
)
from settlements.console.refusals import of_cancel, told
from settlements.inputs import CancelInput
from settlements.models import Transfer
from settlements.queries.terms import content_of


class CancelForm(EntryForm):
    """How much is taken back, but for lines and discounts."""

    kind = forms.ChoiceField(label="취소 방식", initial=ALL, widget=forms.RadioSelect)
    amount = won("취소 금액")
    tax_free_amount = won("취소 면세 금액", help_text="비우면 상품의 면세액, 금액 취소면 0이에요.")
    cancellation_id = text(
        "취소 아이디", 200, help_text="결제사의 취소 번호가 있으면 바꿔 적어 주세요."
    )
    cancelled_at = moment("취소 일시")

    def __init__(self, *args: Any, has_lines: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        part = (LINES, "상품·수량 취소") if has_lines else (AMOUNT, "금액 취소")
        self.fields["kind"].choices = [  # type: ignore[attr-defined]
            (ALL, "남은 주문 전체 취소"),
            part,
        ]
        self.fields["settlement_start_date"].initial = None
        self.fields["cancellation_id"].initial = new_id("cancel")
        self.fields["cancelled_at"].initial = clock.now().replace(second=0, microsecond=0)

    def clean(self) -> Wire:
        data = super().clean()
        is_missing = data.get("amount") is None and "amount" not in self.errors
        if data.get("kind") == AMOUNT and is_missing:
            self.add_error("amount", "취소 금액을 적어 주세요.")
        return data

    def wire(self) -> Wire:
        data = self.cleaned_data
        wire = super().wire() | {
            "cancellationId": data["cancellation_id"],
            "externalCancellationDetail": {"cancelledAt": data["cancelled_at"]},
        }
        if data["kind"] == ALL:
            return wire
        return wire | filled(taxFreeAmount=data["tax_free_amount"])


class ReturnForm(forms.Form):
    """How much of a policy's discount comes back; all of it by a tick."""

    amount = won("돌려줄 할인 금액")
    tax_free = won("돌려줄 면세 할인 금액")
    whole = forms.BooleanField(label="남은 할인 모두", required=False)

    def wire(self, policy_id: str, left: tuple[int, int]) -> Wire | None:
        data = self.cleaned_data
        given = (data["amount"] or 0, data["tax_free"] or 0)
        amount, tax_free = left if data["whole"] else given
        if not (amount or tax_free):
            return None
        return {"sharePolicyId": policy_id, "amount": amount, "taxFreeAmount": tax_free}


class QuantityForm(forms.Form):
    quantity = count("취소 수량", 0, required=False)


@dataclass(frozen=True)
class ReturnRow:
    """A policy's discount that can still come back."""

    policy_id: str
    name: str
    left: tuple[int, int]
    form: ReturnForm

    @property
    def amount(self) -> int:
        return self.left[0]

    @property
    def tax_free(self) -> int:
        return self.left[1]


@dataclass(frozen=True)
class LeftLine:
    """A line of which something may still be cancelled."""

    product: Mapping[str, Any]
    quantity: int
    ordered: int
    amount: int
    form: QuantityForm
    returns: list[ReturnRow]

    @property
    def taken(self) -> int:
        return self.form.cleaned_data["quantity"] or 0


class CancelEntry:
    """The page's forms over what is left of the order."""

    def __init__(
        self, request: ConsoleRequest, order: Transfer, left: Order, data: QueryDict | None
    ) -> None:
        self.order, self.left, self.data = order, left, data
        self.form = CancelForm(data, request=request, has_lines=bool(left.lines))
        self.returns = self._returns("discount", left.discounts)
        ordered = {line["product"]["id"]: line for line in order.detail.get("lines", ())}
        self.lines = [
            LeftLine(
                product=ordered[line.product_id]["product"],
                quantity=line.quantity,
                ordered=ordered[line.product_id]["quantity"],
                amount=line.quantity * line.unit_price,
                form=QuantityForm(data, prefix=f"line-{at}"),
                returns=self._returns(f"line-{at}-discount", line.discounts),
            )
            for at, line in enumerate(left.lines)
        ]
        count_in(order.settlement_currency, *self._forms())
        self.rival_id = ""
        """The transfer that stands in the way."""

    def _returns(self, prefix: str, discounts: Iterable[Discount]) -> list[ReturnRow]:
        versions = self.order.detail.get("versions", {}).get("discountSharePolicies", {})
        return [
            ReturnRow(
                policy_id,
                content_of(DiscountSharePolicyVersion, versions[policy_id])["name"],
                left,
                ReturnForm(self.data, prefix=f"{prefix}-{at}"),
            )
            for at, (policy_id, left) in enumerate(returnable(discounts).items())
            if any(left)
        ]

    @property
    def left_amount(self) -> int:
        return self.left.total()

    @property
    def left_tax_free(self) -> int:
        return self.left.total_tax_free()

    def _forms(self) -> list[forms.Form]:
        returned = [each.form for each in self.returns]
        returned += [each.form for line in self.lines for each in line.returns]
        return [self.form, *returned, *(line.form for line in self.lines)]

    def is_valid(self) -> bool:
        return all([each.is_valid() for each in self._forms()]) and self._names_quantities()

    def _names_quantities(self) -> bool:
        """No discount of a product is left out because its quantity was."""
        if self.form.cleaned_data["kind"] != LINES:
            return True
        nameless = [line for line in self.lines if _wires(line.returns) and not line.taken]
        for line in nameless:
            line.form.add_error("quantity", "할인을 돌려줄 상품의 취소 수량을 적어 주세요.")
        return not nameless

    def cancel(self) -> CancelInput:
        """What the API would have received. Errors: InvalidRequest for a shape it refuses."""
        wire = self.form.wire() | {"transferId": self.order.public_id, "orderDetail": {"all": {}}}
        data = self.form.cleaned_data
        if data["kind"] != ALL:
            wire["discounts"] = _wires(self.returns)
            wire["orderDetail"] = {"orderAmount": data.get("amount")}
        if data["kind"] == LINES:
            wire["orderDetail"] = {"orderLines": self._line_wires()}
        cancel = parse(CancelInput, wire)
        check_dates(encode(cancel), cancel, written=True)
        return cancel

    def _line_wires(self) -> list[Wire]:
        return [
            {
                "productId": line.product["id"],
                "quantity": line.taken,
                "discounts": _wires(line.returns),
            }
            for line in self.lines
            if line.taken
        ]

    def told(self, error: DomainError) -> str:
        return told(error, self.order.settlement_currency)

    def refuse(self, error: DomainError) -> None:
        """Put the sentence beside the field it is about."""
        self.rival_id = error.extra.get("transferId", "")
        form, name = self._place(error)
        form.add_error(name if name in form.fields else None, self.told(error))

    def _place(self, error: DomainError) -> tuple[forms.Form, str]:
        name, facts = of_cancel(error), error.extra
        of_product = [line for line in self.lines if line.product["id"] == facts.get("productId")]
        if name == "quantity" and of_product:
            return of_product[0].form, name
        if not name.startswith("discount"):
            return self.form, name
        returns = of_product[0].returns if of_product else self.returns
        policy_id = facts.get("discountSharePolicyId")
        for each in returns:
            if each.policy_id == policy_id:
                return each.form, "tax_free" if name == "discount_tax_free" else "amount"
        return self.form, ""


def _wires(returns: Iterable[ReturnRow]) -> list[Wire]:
    wires = (each.form.wire(each.policy_id, each.left) for each in returns)
    return [wire for wire in wires if wire is not None]
