"""The file of a simulation: every transfer with its amounts as they are and as drafted."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Any

from django.core.files import File

from core.companies.access import rows
from core.console.grid.columns import Code, Column, Date, Money, Text
from core.console.grid.files import csv_blocks
from core.jobs.models import Job
from partners.models import Partner
from settlements.models import Simulation, TransferType
from settlements.simulation.formulas import drafted_names
from settlements.simulation.parts import Tried
from settlements.simulation.sums import fees_of


def _money(key: str, label: str, value: Callable[[Any], int | None] | None = None) -> Money:
    return Money(key, label, value=value, currency="currency")


@dataclass
class Report:
    """Written part by part, so that its size never matters to memory."""

    simulation: Simulation
    file: IO[bytes]

    def __post_init__(self) -> None:
        partners = rows(Partner, self.simulation.workspace)
        self.partners = {
            pk: names for pk, *names in partners.values_list("pk", "public_id", "name")
        }
        self.columns = self._columns()
        self._write(csv_blocks(self.columns, ()))

    def add(self, all_tried: list[Tried]) -> None:
        blocks = csv_blocks(self.columns, all_tried)
        next(blocks)  # the heading stands already
        self._write(blocks)

    def keep(self, job: Job, filename: str) -> None:
        self.file.seek(0)
        job.result_file.save(filename, File(self.file), save=False)
        Job.objects.filter(pk=job.pk).update(result_file=job.result_file.name)

    def _write(self, blocks: Iterator[str]) -> None:
        self.file.writelines(block.encode() for block in blocks)

    def _columns(self) -> list[Column]:
        partners = self.partners
        return [
            Code("public_id", "정산 아이디"),
            Text("type", "구분", value=lambda each: TransferType(each.type).label),
            Code("partner", "파트너 아이디", value=lambda each: partners[each.partner_pk][0]),
            Text("name", "파트너", value=lambda each: partners[each.partner_pk][1]),
            Code("payment_id", "결제 아이디"),
            Date("start", "정산 시작일"),
            Date("before_date", "지금 정산일"),
            Date("after_date", "초안 정산일"),
            Code("currency", "통화"),
            Money(
                "order",
                "주문 금액",
                value=lambda each: each.sign * each.before.order_amount,
                currency="currency",
            ),
            Money("before_amount", "지금 정산 금액", currency="currency"),
            Money("after_amount", "초안 정산 금액", currency="currency"),
            Money("difference", "차이", currency="currency"),
            Money(
                "fees",
                "지금 수수료",
                value=lambda each: each.sign * fees_of(each.before),
                currency="currency",
            ),
            Money(
                "fees_after",
                "초안 수수료",
                value=lambda each: each.sign * fees_of(each.after),
                currency="currency",
            ),
            *(
                column
                for key, name in drafted_names(self.simulation).items()
                for column in formula_columns(key, name)
            ),
        ]


def formula_columns(key: str, name: str) -> list[Column]:
    """What one of the user's own formulas came to and would come to; none where it is not used."""

    def signed(each: Tried, formulas: Mapping[str, int]) -> int | None:
        return each.sign * formulas[key] if key in formulas else None

    def difference(each: Tried) -> int:
        return each.sign * (each.after_formulas.get(key, 0) - each.before_formulas.get(key, 0))

    return [
        _money(f"{key}:0", f"지금 {name}", lambda each: signed(each, each.before_formulas)),
        _money(f"{key}:1", f"초안 {name}", lambda each: signed(each, each.after_formulas)),
        _money(f"{key}:2", f"{name} 차이", difference),
    ]


@contextmanager
def report_of(simulation: Simulation) -> Iterator[Report]:
    with tempfile.TemporaryFile() as file:
        yield Report(simulation, file)
