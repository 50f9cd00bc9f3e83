"""What rings by itself, and how often. A ring nobody heard until the next one expires."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from celery.schedules import crontab, schedule


def every(task: str, **period: int) -> dict[str, Any]:
    """every("jobs.sweep", seconds=30)"""
    interval = timedelta(**period)
    return {
        "task": task,
        "schedule": schedule(interval),
        "options": {"expires": interval.total_seconds()},
    }


def nightly(task: str, *, hour: int, minute: int = 0) -> dict[str, Any]:
    """Once a day at a Korean time; one missed while everything was down is made up for."""
    return {"task": task, "schedule": crontab(hour=hour, minute=minute)}


SCHEDULE = {
    "worker heartbeat": every("jobs.beat", seconds=10),
    "jobs nobody heard of": every("jobs.sweep", seconds=30),
    "reactions": every("events.react", seconds=5),
    "seal the trail": every("events.seal", minutes=1),
    "webhooks": every("events.deliver_webhooks", seconds=15),
    "old webhook deliveries": nightly("events.forget_deliveries", hour=3),
    "answers kept for repeated calls": every("api.forget_answers", minutes=5),
    "planned changes": every("partners.apply_due_schedules", minutes=1),
    "holders and businesses": every("partners.run_due_checks", minutes=1),
    "businesses again": nightly("partners.plan_rechecks", hour=5),
    "settle what is due": every("settlements.settle", minutes=10),
    "invoices without an answer": every("invoices.resolve", minutes=1),
    "transmissions": every("invoices.transmissions", minutes=5),
    "answers given elsewhere": every("invoices.requests", minutes=30),
    "payouts to start or go on": every("payouts.sweep", seconds=5),
    "transfers without an answer": every("payouts.resolve", seconds=30),
    "invariants": nightly("ledger.check_invariants", hour=4),
    "messages": every("notifications.sweep", seconds=30),
}
