"""Files in and out: partners by table, policies by request-shaped bodies."""

from partners.imports.exports import export_partners
from partners.imports.partners import import_partners, preview_partners
from partners.imports.policies import (
    import_additional_fee_policies,
    import_contracts,
    import_discount_share_policies,
)
from partners.imports.report import ImportReport, RowChange, RowFailure

__all__ = [
    "ImportReport",
    "RowChange",
    "RowFailure",
    "export_partners",
    "import_additional_fee_policies",
    "import_contracts",
    "import_discount_share_policies",
    "import_partners",
    "preview_partners",
]
