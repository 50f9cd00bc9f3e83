"""Documents and counterparties from files: every row or none."""
