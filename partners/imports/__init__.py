"""Files in and out: partners by table, policies by request-shaped bodies."""

from partners.imports.exports import export_name, export_partners
from partners.imports.partners import import_partners, preview_partners
from partners.imports.policies import (
    import_additional_fee_policies,
    import_contracts,
    import_discount_share_policies,
)
from partners.imports.report import ImportReport, RowChange, RowFailure
from partners.imports.sample import SAMPLE_NAME, sample_file

__all__ = [
    "SAMPLE_NAME",
    "ImportReport",
    "RowChange",
    "RowFailure",
    "export_name",
    "export_partners",
    "import_additional_fee_policies",
    "import_contracts",
    "import_discount_share_policies",
    "import_partners",
    "preview_partners",
    "sample_file",
]
