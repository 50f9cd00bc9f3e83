from django.db import migrations

from core.database import append_only, composite_foreign_key

BALANCED = migrations.RunSQL(
    """
    CREATE FUNCTION ledger_entry_is_balanced() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE gap bigint;
    BEGIN
        SELECT max(abs(total)) INTO gap FROM (
            SELECT sum(line.debit) - sum(line.credit) AS total
            FROM ledger_line line JOIN ledger_account account ON account.id = line.account_id
            WHERE line.entry_id = NEW.entry_id GROUP BY account.currency
        ) sums;
        IF gap <> 0 THEN
            RAISE EXCEPTION 'ledger entry % is out of balance by %', NEW.entry_id, gap
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NULL;
    END $$;
    CREATE CONSTRAINT TRIGGER ledger_line_balanced AFTER INSERT ON ledger_line
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_entry_is_balanced();
    """,
    """
    DROP TRIGGER ledger_line_balanced ON ledger_line;
    DROP FUNCTION ledger_entry_is_balanced();
    """,
)


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]

    operations = [
        append_only("ledger_entry"),
        append_only("ledger_line"),
        BALANCED,
        composite_foreign_key("ledger_line", "entry_id", "ledger_entry"),
        composite_foreign_key("ledger_line", "account_id", "ledger_account"),
    ]
