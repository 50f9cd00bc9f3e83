"""From a filled-in test page to what the calculator takes: order, contract terms, cancel."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from core import clock
from core.companies.access import rows
from core.companies.models import Workspace
from core.errors import InvalidRequest
from core.words import said
from partners.models import AdditionalFeePolicy, Contract, DiscountSharePolicy
from partners.queries import histories
from settlements.calculator import (
    AdditionalFeeTerms,
    CancelledLine,
    CancelRequest,
    ContractTerms,
    Decimal,
    Discount,
    DiscountShareTerms,
    Line,
    Order,
    Parameter,
    ReturnedDiscount,
)
from settlements.calculator.order import NO_PARAMETERS
from settlements.calculator.terms import PARTNER, Cycle, CycleMethod, DatePolicy, Fee
from settlements.console.trial_forms import ORDER_LEVEL, ROWS, OrderForm, Rows, labels_of_errors
from settlements.queries.terms import contract_terms, discount_terms, fee_terms

NO_CYCLE = Cycle(1, DatePolicy.CALENDAR_DAY, CycleMethod.DAILY)
"""Of terms typed in: dates are not tried."""
SUGGESTED = 1_000


@dataclass(frozen=True)
class Product:
    """A product's row with the rows under it, as the page draws them."""

    number: int
    form: forms.Form
    discounts: list[tuple[int, forms.Form]]
    fees: list[tuple[int, forms.Form]]


@dataclass
class TrialPage:
    """Everything typed on the test page; `op` is the row being added or dropped."""

    workspace: Workspace
    parameters: tuple[Parameter, ...]
    data: Mapping[str, str]
    op: str = ""
    rows: dict[str, Rows] = field(init=False)

    def __post_init__(self) -> None:
        self.rows = {kind: Rows(kind, self.data) for kind in ROWS}
        self._work(self.op)
        self.form = self._order_form()
        self.forms = {kind: each.forms() for kind, each in self.rows.items()}

    def _work(self, op: str) -> None:
        verb, _dash, rest = op.partition("-")
        kind, _dash, number = rest.partition("-")
        if kind not in ROWS or not number.isdecimal() or len(number) > 4:
            return
        if verb == "add":
            self.rows[kind].add(int(number))
        elif verb == "drop":
            self.rows[kind].drop(int(number))
            if kind == "product":
                for below in ("discount", "fee"):
                    self.rows[below].leave(int(number))

    def _order_form(self) -> OrderForm:
        """A page that was only opened shows a result too: its first values count as typed."""
        facts: dict[str, Any] = {"workspace": self.workspace, "parameters": self.parameters}
        if self.data:
            return OrderForm(self.data, **facts)
        blank = OrderForm(**facts)
        values = {
            blank.add_prefix(name): getattr(value, "pk", bound.prepare_value(value))
            for name, bound in blank.fields.items()
            if (value := blank.get_initial_for_field(bound, name)) is not None
        }
        return OrderForm(values, **facts)

    # What the page draws

    @property
    def counts(self) -> dict[str, int]:
        return {f"try-{kind}s": len(each.values) for kind, each in self.rows.items()}

    @property
    def products(self) -> list[Product]:
        return [
            Product(number, form, self.under("discount", number), self.under("fee", number))
            for number, form in enumerate(self.forms["product"], 1)
        ]

    @property
    def order_discounts(self) -> list[tuple[int, forms.Form]]:
        return self.under("discount", ORDER_LEVEL)

    @property
    def order_fees(self) -> list[tuple[int, forms.Form]]:
        return self.under("fee", ORDER_LEVEL)

    def under(self, kind: str, product: int) -> list[tuple[int, forms.Form]]:
        numbered = enumerate(self.forms[kind], 1)
        at = str(product)
        return [(n, form) for n, form in numbered if (form["at"].value() or "0") == at]

    @cached_property
    def discount_policies(self) -> list[tuple[str, str]]:
        return self._suggested(DiscountSharePolicy)

    @cached_property
    def fee_policies(self) -> list[tuple[str, str]]:
        return self._suggested(AdditionalFeePolicy)

    def _suggested(self, model: Any) -> list[tuple[str, str]]:
        active = rows(model, self.workspace).filter(is_archived=False).order_by("name")
        return list(active.values_list("public_id", "name")[:SUGGESTED])

    def wrong(self) -> list[str]:
        """Every field that is filled in wrongly, by name."""
        titles = {"product": _("상품"), "discount": _("할인"), "fee": _("추가 수수료")}
        found = list(labels_of_errors("", self.form))
        for kind, title in titles.items():
            for number, form in enumerate(self.forms[kind], 1):
                found += labels_of_errors(f"{title} {number}", form)
        return found

    # What the calculator takes

    def contract(self) -> ContractTerms:
        data = self.form.cleaned_data
        if data["contract"] is not None:
            return contract_terms(self._versions(Contract, [data["contract"].public_id])[0])
        return ContractTerms(
            fee=_fee(data),
            partner_pays_fee_vat=_partner_pays(data),
            subtracts_payment_vat=data["subtract_payment_vat"],
            cycle=NO_CYCLE,
        )

    @cached_property
    def order(self) -> Order:
        data, lines = self.form.cleaned_data, tuple(self._lines())
        return Order(
            amount=None if lines else data["order_amount"] or 0,
            lines=lines,
            tax_free_amount=data["tax_free_amount"],
            discounts=self._discounts(ORDER_LEVEL),
            additional_fees=self._fees(ORDER_LEVEL),
            parameters=self._parameters() or NO_PARAMETERS,
        )

    def cancel_request(self) -> CancelRequest | None:
        """None when no cancel is tried."""
        data = self.form.cleaned_data
        kind = data["cancel"]
        if not kind:
            return None
        facts: dict[str, Any] = {"tax_free_amount": data["cancel_tax_free_amount"]}
        if kind != "all":
            facts["discounts"] = self._returned(ORDER_LEVEL)
        if kind == "amount":
            facts["amount"] = data["cancel_amount"] or 0
        elif kind == "lines":
            facts["lines"] = tuple(self._cancelled_lines())
        return CancelRequest(**facts)

    def _filled(self) -> Iterator[tuple[int, dict[str, Any]]]:
        """Products with a price; a row left empty is none."""
        for number, form in enumerate(self.forms["product"], 1):
            if form.cleaned_data["price"] is not None:
                yield number, form.cleaned_data

    def _lines(self) -> Iterator[Line]:
        for number, data in self._filled():
            yield Line(
                product_name(number),
                data["price"],
                data["quantity"] or 1,
                data["tax_free"] or 0,
                self._discounts(number),
                self._fees(number),
            )

    def _cancelled_lines(self) -> Iterator[CancelledLine]:
        for number, data in self._filled():
            if data["cancelled"]:
                yield CancelledLine(product_name(number), data["cancelled"], self._returned(number))

    def _discounts(self, product: int) -> tuple[Discount, ...]:
        return tuple(
            Discount(self._discount_terms(number, data), data["amount"], data["tax_free"] or 0)
            for number, data in self._under("discount", product)
            if data["amount"]
        )

    def _returned(self, product: int) -> tuple[ReturnedDiscount, ...]:
        """By policy: one that is named twice comes back as one."""
        totals: dict[str, int] = {}
        for number, data in self._under("discount", product):
            if data["amount"] and data["returned"]:
                policy = self._discount_terms(number, data).id
                totals[policy] = totals.get(policy, 0) + data["returned"]
        return tuple(ReturnedDiscount(policy, amount) for policy, amount in totals.items())

    def _discount_terms(self, number: int, data: Mapping[str, Any]) -> DiscountShareTerms:
        if data["policy"]:
            return discount_terms(self._policy_versions("discount", data["policy"]))
        return DiscountShareTerms(_("직접 입력 %(number)s") % {"number": number}, data["rate"] or 0)

    def _fees(self, product: int) -> tuple[AdditionalFeeTerms, ...]:
        return tuple(self._each_fee(product))

    def _each_fee(self, product: int) -> Iterator[AdditionalFeeTerms]:
        for number, data in self._under("fee", product):
            if data["policy"]:
                yield fee_terms(self._policy_versions("fee", data["policy"]))
            elif data["fee_rate"] is not None or data["fee_amount"] is not None:
                name = _("직접 입력 %(number)s") % {"number": number}
                yield AdditionalFeeTerms(name, _fee(data), _partner_pays(data))

    def _under(self, kind: str, product: int) -> Iterator[tuple[int, dict[str, Any]]]:
        for number, form in enumerate(self.forms[kind], 1):
            if form.cleaned_data["at"] == product:
                yield number, form.cleaned_data

    def _policy_versions(self, kind: str, public_id: str) -> int:
        found = self._by_kind[kind].get(public_id)
        if found is None:
            raise InvalidRequest(_("없는 정책입니다: %(id)s") % {"id": public_id})
        return found

    @cached_property
    def _by_kind(self) -> dict[str, dict[str, int]]:
        """Versions in force today of the policies named on the page, in a statement a kind."""
        models = {"discount": DiscountSharePolicy, "fee": AdditionalFeePolicy}
        found: dict[str, dict[str, int]] = {}
        for kind, model in models.items():
            named = {form.cleaned_data["policy"] for form in self.forms[kind]} - {""}
            known = histories(model, self.workspace, named) if named else {}
            today = clock.today()
            found[kind] = {key: int(each.on(today).pk) for key, each in known.items()}
        return found

    def _versions(self, model: Any, public_ids: Iterable[str]) -> list[int]:
        known = histories(model, self.workspace, public_ids)
        return [int(each.on(clock.today()).pk) for each in known.values()]

    def _parameters(self) -> dict[str, Decimal]:
        data = self.form.cleaned_data
        given = {each.key: data[f"parameter_{each.key}"] for each in self.parameters}
        return {
            key: Decimal(int(value.scaleb(5)), 5)
            for key, value in given.items()
            if value is not None
        }


def product_name(number: int) -> str:
    return str(said("상품")) + f" {number}"


def _fee(data: Mapping[str, Any]) -> Fee:
    if data["fee_kind"] == "amount":
        return Fee(amount=data["fee_amount"] or 0, is_fixed_amount=True)
    return Fee(rate=data["fee_rate"] or 0)


def _partner_pays(data: Mapping[str, Any]) -> bool:
    return bool((data["vat_payer"] or PARTNER) == PARTNER)
