"""Why partners of a selection cannot be paid now, and what to know before paying them."""

from __future__ import annotations

from collections.abc import Iterable

from core.companies.models import Workspace
from core.words import korean
from partners.models import Partner, PlatformSetting
from partners.queries.payable import payable_problems


def setting_of(workspace: Workspace) -> PlatformSetting:
    """The workspace's setting; defaults, unsaved, when it never chose any."""
    found = PlatformSetting.objects.filter(workspace=workspace).first()
    return found or PlatformSetting(workspace=workspace)


def reasons_not_to_pay(
    partners: Iterable[Partner], setting: PlatformSetting
) -> dict[int, list[str]]:
    """Partner key → sentences, Korean for everybody because approvals and reports keep them;
    partners that may be paid are absent."""
    hold_hours = setting.account_change_hold_hours
    with korean():
        found = {
            partner.pk: [
                problem.message for problem in payable_problems(partner, hold_hours=hold_hours)
            ]
            for partner in partners
        }
    return {pk: reasons for pk, reasons in found.items() if reasons}
