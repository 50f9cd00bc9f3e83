"""A diagram that is not the table is a lie."""

from pathlib import Path

import pytest
from django.conf import settings
from django.db.models import Model

from invoices.models import BulkTaxInvoice, TaxInvoice
from settlements.models import PartnerSettlement, Transfer


@pytest.mark.parametrize("model", [Transfer, PartnerSettlement, TaxInvoice, BulkTaxInvoice])
def test_the_diagram_is_the_table(model: type[Model]):
    drawn = "\n".join(
        f"    {state} --> {to}"
        for state, targets in sorted(model.TRANSITIONS.items())
        for to in sorted(targets)
    )
    readme = Path(settings.BASE_DIR) / model._meta.app_label / "README.md"

    assert f"{drawn}\n```" in readme.read_text()
