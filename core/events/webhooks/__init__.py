"""Standard Webhooks: signed, retried, logged, replayable (contract.md f)."""
