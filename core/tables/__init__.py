"""Tables people bring: CSV and XLSX files, told apart by content and read row by row."""

from core.tables.errors import BadCell, TableRefused, place
from core.tables.files import Signature, examine, header_of, opened

__all__ = ["BadCell", "Signature", "TableRefused", "examine", "header_of", "opened", "place"]
