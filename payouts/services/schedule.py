"""When a bulk payout may start (contract.md h.4 schedule)."""

from __future__ import annotations

from datetime import datetime, time

from django.db import transaction

from core import clock
from core.companies.access import rows
from core.companies.models import Permission, Workspace
from core.events.actors import Actor
from payouts.errors import BankMaintenanceTime, NonSchedulableTime, ScheduleLimitExceeded
from payouts.models import BulkPayout, BulkPayoutStatus
from payouts.services.launching import move_schedule

SLOT_MINUTES = 10
MAINTENANCE_FROM, MAINTENANCE_UNTIL = time(22, 50), time(1, 0)
SCHEDULE_LIMIT = 10


def check_schedule(workspace: Workspace, moment: datetime) -> None:
    """A 10-minute slot to come, outside 22:50–01:00, and no more than 10 waiting.

    Raises NonSchedulableTime, BankMaintenanceTime, ScheduleLimitExceeded.
    """
    check_slot(moment)
    if scheduled_bulk_payouts(workspace) >= SCHEDULE_LIMIT:
        raise ScheduleLimitExceeded()


def check_slot(moment: datetime) -> None:
    local = moment.astimezone(clock.KST)
    on_slot = local.minute % SLOT_MINUTES == 0 and local.second == local.microsecond == 0
    if moment <= clock.now() or not on_slot:
        raise NonSchedulableTime()
    if is_bank_maintenance(moment):
        raise BankMaintenanceTime(
            "예약하지 않았습니다. 22:50–01:00은 은행 점검 시간이라 이체할 수 없습니다."
        )


def is_bank_maintenance(moment: datetime) -> bool:
    """22:50 and 01:00 themselves: the first is closed, the second open."""
    local = moment.astimezone(clock.KST).time()
    return local >= MAINTENANCE_FROM or local < MAINTENANCE_UNTIL


def scheduled_bulk_payouts(workspace: Workspace) -> int:
    waiting = rows(BulkPayout, workspace).filter(status=BulkPayoutStatus.PREPARED)
    return waiting.filter(scheduled_at__isnull=False).count()


@transaction.atomic
def reschedule_bulk_payout(*, bulk_payout: BulkPayout, moment: datetime, actor: Actor) -> None:
    """Another slot for a scheduled bulk payout; its approval stays. Raises as check_schedule."""
    actor.require(Permission.PAYOUT_APPROVE)
    check_slot(moment)
    move_schedule(bulk_payout=bulk_payout, moment=moment, actor=actor)
