"""Pages behind mailed links: a partner looks at a statement. Opening one changes nothing."""

from payouts.pages.statement import register_pages

__all__ = ["register_pages"]
