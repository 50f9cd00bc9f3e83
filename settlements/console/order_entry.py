"""주문 등록: what was typed, row by row, and the order it says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.forms import Form
from django.forms.utils import ErrorDict
from django.http import QueryDict

from core.api.wire import check_dates, encode
from core.console.access import ConsoleRequest
from core.console.forms import count_in
from core.errors import DomainError
from core.money import WON
from core.tables.numbers import CURRENCIES
from partners.inputs import parse
from settlements.console.entry_forms import (
    AMOUNT,
    DiscountForm,
    LineForm,
    OrderForm,
    Wire,
    discount_choices,
    fee_choices,
)
from settlements.console.refusals import of_order, told
from settlements.inputs import OrderInput

MAX_LINES, MAX_DISCOUNTS = 50, 5
"""By hand; a form of more is refused at the door, and a file is quicker."""

MARK = "row"
"""Every row posts one, so that an empty row stays until it is removed."""


@dataclass
class LineRow:
    form: LineForm
    discounts: list[DiscountForm] = field(default_factory=list)

    @property
    def prefix(self) -> str:
        return self.form.prefix or ""

    @property
    def may_add_discount(self) -> bool:
        return len(self.discounts) < MAX_DISCOUNTS

    @property
    def is_open(self) -> bool:
        """Whether its discounts and fees are worth showing at once."""
        return bool(self.discounts or self.form["fees"].value() or self.form["tag"].value())


class OrderEntry:
    """The page's forms: the order, its discounts, its lines with theirs."""

    def __init__(self, request: ConsoleRequest, data: QueryDict | None) -> None:
        workspace = request.workspace
        self.policies, self.fees = discount_choices(workspace), fee_choices(workspace)
        self.data = data
        self.form = OrderForm(data, request=request, fees=self.fees)
        self.discounts = self._discounts("discount")
        self.lines = [self._line(f"line-{number}") for number in _numbers(data, "line")]
        count_in(self.currency, *self._all_forms())
        self.focus = ""
        """The prefix of the row or the button where the person goes on."""
        self.rival_id = ""
        """The transfer that stands in the way."""

    @property
    def currency(self) -> str:
        said = self.data.get("currency") if self.data else WON
        return said if said in CURRENCIES else WON

    def _line(self, prefix: str) -> LineRow:
        form = LineForm(self.data, prefix=prefix, fees=self.fees, **EMPTY)
        return LineRow(form, self._discounts(f"{prefix}-discount"))

    def _discounts(self, name: str) -> list[DiscountForm]:
        numbers = _numbers(self.data, name) if self.data is not None else []
        return [
            DiscountForm(self.data, prefix=f"{name}-{each}", policies=self.policies, **EMPTY)
            for each in numbers
        ]

    @property
    def may_add_line(self) -> bool:
        return len(self.lines) < MAX_LINES

    @property
    def may_add_discount(self) -> bool:
        return len(self.discounts) < MAX_DISCOUNTS

    @property
    def max_lines(self) -> int:
        return MAX_LINES

    def forms(self) -> Iterator[Form]:
        """Only those that count for what was chosen."""
        yield self.form
        yield from self.discounts
        for line in self.lines if self.form.has_lines else ():
            yield line.form
            yield from line.discounts

    def is_valid(self) -> bool:
        if self.form.has_lines and not any(_is_used(line) for line in self.lines):
            for line in self.lines[:1]:
                line.form.empty_permitted = False
        for line in self.lines:
            if any(each.has_changed() for each in line.discounts):
                line.form.empty_permitted = False
        return all([each.is_valid() for each in self.forms()])

    def unchecked(self) -> OrderEntry:
        """As typed, without a word on what is missing yet."""
        for each in self._all_forms():
            each._errors = ErrorDict()  # type: ignore[attr-defined]  # reads as checked
        return self

    def _all_forms(self) -> Iterator[Form]:
        yield self.form
        yield from self.discounts
        for line in self.lines:
            yield line.form
            yield from line.discounts

    def order(self) -> OrderInput:
        """What the API would have received. Errors: InvalidRequest for a shape it refuses."""
        data = self.form.cleaned_data
        detail: Wire = {"orderAmount": data["order_amount"]}
        if data["kind"] != AMOUNT:
            detail = {
                "orderLines": [
                    line.form.wire(_wires(line.discounts)) for line in self.lines if _is_used(line)
                ]
            }
        wire = self.form.wire() | {"orderDetail": detail, "discounts": _wires(self.discounts)}
        order = parse(OrderInput, wire)
        check_dates(encode(order), order, written=True)
        return order

    def refuse(self, error: DomainError) -> None:
        """Put the sentence beside the field it is about."""
        self.rival_id = error.extra.get("transferId", "")
        form, name = self._place(error)
        form.add_error(name if name in form.fields else None, told(error, self.currency))

    def _place(self, error: DomainError) -> tuple[Form, str]:
        name = of_order(error)
        product = error.extra.get("productId") or error.extra.get("id")
        matching = [
            line for line in self.lines if product and line.form["product_id"].value() == product
        ]
        if name == "product_id" and matching:
            return matching[-1].form, name
        if name != "discount":
            return self.form, name
        discounts = matching[0].discounts if matching else self.discounts
        return (discounts[-1], "amount") if discounts else (self.form, name)


EMPTY = {"empty_permitted": True, "use_required_attribute": False}


def _is_used(line: LineRow) -> bool:
    return line.form.has_changed() or any(each.has_changed() for each in line.discounts)


def _wires(discounts: list[DiscountForm]) -> list[Wire]:
    return [each.wire() for each in discounts if each.has_changed()]


def _numbers(data: QueryDict | None, name: str) -> list[int]:
    """Numbers of the rows that were posted, as shown; one empty row on a new page."""
    if data is None:
        return [1]
    marks = re.compile(rf"{name}-(\d{{1,3}})-{MARK}")
    return sorted(int(found[1]) for key in data if (found := marks.fullmatch(key)))


ROW = re.compile(
    r"(?P<act>add|remove):(?P<prefix>(?:line-\d{1,3}-)?(?:line|discount)(?:-\d{1,3})?)"
)


def with_rows(request: ConsoleRequest, op: str) -> OrderEntry | None:
    """The page with one row more or less, nothing checked; None when that was not asked for.

    `add:line`, `add:line-2-discount`, `remove:line-2`, `remove:line-2-discount-1`
    """
    found = ROW.fullmatch(op)
    if found is None:
        return None
    data, prefix = request.POST.copy(), found["prefix"]
    if found["act"] == "remove":
        for key in [key for key in data if key.startswith(f"{prefix}-")]:
            del data[key]
        focus = prefix.rpartition("-")[0]
    else:
        number = max(_numbers(data, prefix), default=0) + 1
        focus = f"{prefix}-{number}"
        data[f"{focus}-{MARK}"] = "1"
    entry = OrderEntry(request, data).unchecked()
    entry.focus = focus
    for form in entry._all_forms():
        if form.prefix == focus:
            next(iter(form.fields.values())).widget.attrs["autofocus"] = True
    for form in entry.discounts:
        if form.prefix == focus:
            form.fields["policy"].widget.attrs["autofocus"] = True
    return entry
