"""Lists of the console: `Grid`, its columns, tabs and bulk actions."""

from core.console.grid.bulk import Blocker, BulkAction, OfferingForm, only_in
from core.console.grid.columns import (
    Badge,
    Choice,
    Code,
    Column,
    Date,
    DateTime,
    Money,
    Number,
    Rate,
    Tags,
    Text,
)
from core.console.grid.grid import Grid
from core.console.grid.parts import Tab

__all__ = [
    "Badge",
    "Blocker",
    "BulkAction",
    "Choice",
    "Code",
    "Column",
    "Date",
    "DateTime",
    "Grid",
    "Money",
    "Number",
    "OfferingForm",
    "Rate",
    "Tab",
    "Tags",
    "Text",
    "only_in",
]
