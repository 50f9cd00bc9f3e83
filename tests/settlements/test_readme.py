from pathlib import Path

import pytest
from django.conf import settings

from settlements.models import PartnerSettlement, Transfer

README = Path(settings.BASE_DIR) / "settlements" / "README.md"


@pytest.mark.parametrize("model", [Transfer, PartnerSettlement])
def test_the_diagram_is_the_table(model):
    drawn = "\n".join(
        f"    {state} --> {to}"
        for state, targets in sorted(model.TRANSITIONS.items())
        for to in sorted(targets)
    )

    assert f"{drawn}\n```" in README.read_text()
