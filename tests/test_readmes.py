"""A diagram that is not the table is a lie."""

from pathlib import Path

import pytest
from django.conf import settings
from django.db.models import Model

from invoices.models import BulkTaxInvoice, TaxInvoice
from payouts.models import AccountTransfer, Approval, BulkPayout, Payout
from settlements.models import OrderUpload, PartnerSettlement, Transfer

DRAWN = [
    Transfer,
    PartnerSettlement,
    OrderUpload,
    TaxInvoice,
    BulkTaxInvoice,
    BulkPayout,
    Payout,
    AccountTransfer,
    Approval,
]


@pytest.mark.parametrize("model", DRAWN)
def test_the_diagram_is_the_table(model: type[Model]):
    drawn = "\n".join(
        f"    {state} --> {to}"
        for state, targets in sorted(model.TRANSITIONS.items())
        for to in sorted(targets)
    )
    readme = Path(settings.BASE_DIR) / model._meta.app_label / "README.md"

    assert f"{drawn}\n```" in readme.read_text()
