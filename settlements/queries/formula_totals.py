"""What the user's own formulas come to over the transfers of settlements (contract.md c.6)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.db import connection

from core.companies.access import rows
from core.companies.models import Workspace
from settlements.models import CalculatorVersion, PartnerSettlement, Transfer

SUMS = """
    SELECT transfer.partner_settlement_id, result.key, sum(result.value::bigint)::bigint
    FROM settlements_transfer transfer,
         jsonb_each_text(transfer.detail -> 'formulas') AS result
    WHERE transfer.workspace_id = %s AND transfer.partner_settlement_id = ANY(%s)
    GROUP BY 1, 2
    ORDER BY 1, 2
"""


def formula_totals(
    workspace: Workspace, settlements: Iterable[PartnerSettlement]
) -> dict[int, dict[str, int]]:
    """By primary key of the settlement, formula key → sum, in one statement for all of them.

    All transfers of a settlement are of its type, so those of a cancel add up as they are, like
    its amounts; who sums settlements subtracts them (d.3). Transfers are not read at all in a
    workspace without formulas of its own.
    """
    ids = [row.pk for row in settlements if row.type != "MANUAL"]
    if not ids or not formula_keys(workspace):
        return {}
    sums: dict[int, dict[str, int]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(SUMS, [workspace.pk, ids])
        for settlement, key, total in cursor.fetchall():
            sums[settlement][key] = total
    return sums


def formula_keys(workspace: Workspace) -> frozenset[str]:
    """Keys of the user's own formulas in any version, past and planned ones included."""
    return frozenset(formula_names(workspace))


def formula_names(workspace: Workspace) -> dict[str, str]:
    """Key → name of the user's own formulas in any version, as the latest one calls them."""
    versions = rows(CalculatorVersion, workspace).order_by("applied_at", "pk")
    defined = versions.values_list("content__settlementFormula__userDefined", flat=True)
    return {each["key"]: each["name"] for formulas in defined for each in formulas or ()}


def transfer_results(
    workspace: Workspace, transfers: Iterable[Transfer]
) -> dict[int, dict[str, int]]:
    """By primary key of the transfer, formula key → result, in one statement for all of them;
    without reading anything else of what is frozen. Cancels as they are, like their amounts."""
    found = rows(Transfer, workspace).filter(pk__in=[row.pk for row in transfers])
    return {pk: results or {} for pk, results in found.values_list("pk", "detail__formulas")}
