"""Read payouts; nothing here writes."""
