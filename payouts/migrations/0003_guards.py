from django.db import migrations

from core.database import composite_foreign_key

PAYOUT_IS_ITS_ITEMS = migrations.RunSQL(
    """
    CREATE FUNCTION payout_is_the_sum_of_its_items() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE owed bigint; items bigint;
    BEGIN
        SELECT settlement_amount INTO owed FROM payouts_payout WHERE id = NEW.id;
        SELECT coalesce(sum(settlement_amount), 0) INTO items
            FROM payouts_payoutitem WHERE payout_id = NEW.id;
        IF owed IS DISTINCT FROM items THEN
            RAISE EXCEPTION 'payout % is % won but its items are % won', NEW.id, owed, items
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NULL;
    END $$;
    CREATE CONSTRAINT TRIGGER payout_items_sum AFTER INSERT OR UPDATE OF settlement_amount
        ON payouts_payout DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW EXECUTE FUNCTION payout_is_the_sum_of_its_items();
    """,
    """
    DROP TRIGGER payout_items_sum ON payouts_payout;
    DROP FUNCTION payout_is_the_sum_of_its_items();
    """,
)


class Migration(migrations.Migration):
    dependencies = [("payouts", "0002_initial"), ("settlements", "0002_same_workspace")]

    operations = [
        composite_foreign_key("payouts_bulkpayout", "funding_account_id", "payouts_fundingaccount"),
        composite_foreign_key("payouts_payout", "bulk_payout_id", "payouts_bulkpayout"),
        composite_foreign_key("payouts_payout", "partner_id", "partners_partner"),
        composite_foreign_key("payouts_payoutitem", "bulk_payout_id", "payouts_bulkpayout"),
        composite_foreign_key("payouts_payoutitem", "payout_id", "payouts_payout"),
        composite_foreign_key(
            "payouts_payoutitem", "partner_settlement_id", "settlements_partnersettlement"
        ),
        composite_foreign_key(
            "payouts_accounttransfer", "funding_account_id", "payouts_fundingaccount"
        ),
        composite_foreign_key("payouts_accounttransfer", "payout_id", "payouts_payout"),
        composite_foreign_key("payouts_approval", "bulk_payout_id", "payouts_bulkpayout"),
        composite_foreign_key("payouts_statement", "payout_id", "payouts_payout"),
        PAYOUT_IS_ITS_ITEMS,
    ]
