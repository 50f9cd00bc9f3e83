"""Reading tax documents and counterparties; nothing here writes."""
