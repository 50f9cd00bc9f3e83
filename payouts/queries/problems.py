"""Why a partner cannot be paid now (contract.md c.1; a question for every payout)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from core import clock
from core.companies.models import Workspace
from partners.models import AccountStatus, Partner, PartnerStatus, PlatformSetting


def setting_of(workspace: Workspace) -> PlatformSetting:
    """The workspace's setting; defaults, unsaved, when it never chose any."""
    found = PlatformSetting.objects.filter(workspace=workspace).first()
    return found or PlatformSetting(workspace=workspace)


def payable_problems(partners: Iterable[Partner], setting: PlatformSetting) -> dict[int, list[str]]:
    """Partner key → Korean sentences; partners without a problem are absent."""
    held_since = clock.now() - timedelta(hours=setting.account_change_hold_hours)
    found = {partner.pk: _problems(partner, held_since) for partner in partners}
    return {pk: problems for pk, problems in found.items() if problems}


def _problems(partner: Partner, held_since: datetime) -> list[str]:
    problems = []
    if partner.status != PartnerStatus.APPROVED:
        problems.append("승인되지 않은 파트너")
    if partner.account_status != AccountStatus.VERIFIED:
        problems.append(f"계좌 {AccountStatus(partner.account_status).label}")
    if partner.account_changed_at > held_since:
        problems.append("계좌 변경 후 보류 기간")
    return problems
