"""Templates of statements, and telling partners what they were paid (contract.md h.7)."""

from payouts.services.statements.following import follow_messages, release_cancelled
from payouts.services.statements.sending import retry_failed, start_sending
from payouts.services.statements.templates import (
    Wording,
    archive_template,
    create_template,
    default_template,
    make_default,
    recover_template,
    update_template,
)

__all__ = [
    "Wording",
    "archive_template",
    "create_template",
    "default_template",
    "follow_messages",
    "make_default",
    "recover_template",
    "release_cancelled",
    "retry_failed",
    "start_sending",
    "update_template",
]
