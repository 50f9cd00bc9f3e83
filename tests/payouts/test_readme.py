from pathlib import Path

import pytest
from django.conf import settings

from payouts.models import AccountTransfer, Approval, BulkPayout, Payout

README = Path(settings.BASE_DIR) / "payouts" / "README.md"


@pytest.mark.parametrize("model", [BulkPayout, Payout, AccountTransfer, Approval])
def test_the_diagram_is_the_table(model):
    drawn = "\n".join(
        f"    {state} --> {to}"
        for state, targets in sorted(model.TRANSITIONS.items())
        for to in sorted(targets)
    )

    assert f"{drawn}\n```" in README.read_text()
