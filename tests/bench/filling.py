"""Finished transfers by the million, written by one SQL statement."""

from __future__ import annotations

from core.companies.models import Workspace
from tests.bench.stage import run_sql, settle_down

DETAIL = """jsonb_build_object('lines', jsonb_build_array(jsonb_build_object(
    'product', jsonb_build_object('id', 'sku-1', 'name', '사과', 'amount', 10000),
    'quantity', 1)))"""

FILL = f"""
    INSERT INTO settlements_transfer (
        workspace_id, public_id, created_at, type, status, status_updated_at, partner_id,
        contract_id, contract_version_id, payment_id, order_number, cancellation_id, order_name,
        payment_method, occurred_at, settlement_currency, settlement_start_date, settlement_date,
        memo, detail, properties, partner_settlement_id, settlement_amount,
        settlement_tax_free_amount, order_amount, order_tax_free_amount, discount_amount,
        discount_tax_free_amount, discount_share_amount, discount_share_tax_free_amount,
        payment_amount, payment_tax_free_amount, payment_supply_amount, payment_vat_amount,
        payment_vat_burden_amount, platform_fee_amount, platform_fee_vat_amount,
        additional_fee_amount, additional_fee_vat_amount
    )
    SELECT partner.workspace_id, 'trs-' || lpad(n::text, 10, '0'), now(), 'ORDER',
           CASE WHEN settlement.id IS NULL THEN 'IN_PROCESS' ELSE 'PAID_OUT' END, now(),
           partner.id, partner.default_contract_id, version.id, 'pay-' || n, 0, '', '사과',
           'CARD', now(), 'KRW', current_date - (%s::bigint * (%s - n) / %s)::int,
           current_date - (%s::bigint * (%s - n) / %s)::int,
           '', {DETAIL}, '{{}}', settlement.id,
           8900, 0, 10000, 0, 0, 0, 0, 0, 10000, 0, 9091, 909, 0, 1000, 100, 0, 0
    FROM generate_series(1, %s) n
    JOIN (SELECT *, row_number() OVER (ORDER BY id) AS number, count(*) OVER () AS total
          FROM partners_partner WHERE workspace_id = %s) partner
      ON partner.number = n %% partner.total + 1
    JOIN partners_contractversion version
      ON version.subject_id = partner.default_contract_id AND version.number = 1
    LEFT JOIN settlements_partnersettlement settlement
      ON settlement.partner_id = partner.id AND n <= %s
"""

PAST_SETTLEMENTS = """
    INSERT INTO settlements_partnersettlement (
        workspace_id, public_id, created_at, type, partner_id, contract_id, settlement_date,
        settlement_currency, start_date_from, start_date_until, transfer_count, revision, status,
        status_updated_at, memo, settlement_amount, settlement_tax_free_amount, order_amount,
        order_tax_free_amount, discount_amount, discount_tax_free_amount, discount_share_amount,
        discount_share_tax_free_amount, payment_amount, payment_tax_free_amount,
        payment_supply_amount, payment_vat_amount, payment_vat_burden_amount,
        platform_fee_amount, platform_fee_vat_amount, additional_fee_amount,
        additional_fee_vat_amount
    )
    SELECT workspace_id, 'stl-' || id, now(), 'ORDER', id, default_contract_id, current_date,
           'KRW', current_date, current_date, 1, 1, 'PAID_OUT', now(), '',
           0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0
    FROM partners_partner WHERE workspace_id = %s
"""

COUNTS = """
    UPDATE settlements_partnersettlement settlement SET transfer_count = theirs.count
    FROM (SELECT partner_settlement_id, count(*) FROM settlements_transfer GROUP BY 1) theirs
    WHERE settlement.id = theirs.partner_settlement_id
"""


def fill_transfers(workspace: Workspace, count: int, *, days: int, paid_out: int = 0) -> None:
    """`count` orders of all partners, spread over the `days` up to today; the oldest `paid_out`
    are paid. Foreign keys are not looked at: the rows are made from what they point to."""
    if paid_out:
        run_sql(PAST_SETTLEMENTS, workspace.pk)
    run_sql("SET session_replication_role = replica")
    date = (days - 1, count, count)
    run_sql(FILL, *date, *date, count, workspace.pk, paid_out)
    run_sql(COUNTS)
    run_sql("SET session_replication_role = DEFAULT")
    run_sql("VACUUM ANALYZE settlements_transfer")
    run_sql("ANALYZE")  # as autovacuum does within a minute
    settle_down()
