from django.db import migrations

FUNCTION = """
    CREATE OR REPLACE FUNCTION ledger_entry_is_balanced() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE gap bigint;
    BEGIN
        {skip}
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
"""
# Of an entry's lines the newest asks for all of them: summing once per line was most of a commit.
NOT_THE_NEWEST = """
        IF EXISTS (SELECT FROM ledger_line WHERE entry_id = NEW.entry_id AND id > NEW.id) THEN
            RETURN NULL;
        END IF;
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_guards")]

    operations = [
        migrations.RunSQL(FUNCTION.format(skip=NOT_THE_NEWEST), FUNCTION.format(skip="")),
    ]
