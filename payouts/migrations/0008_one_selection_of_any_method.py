from django.db import migrations

# Asked at commit: complete-payout opens a bulk payout and completes it in one transaction, beside
# the one that somebody is selecting (contract.md c.6, h.4). A unique index cannot wait.
ONE_SELECTION = migrations.RunSQL(
    """
    ALTER TABLE payouts_bulkpayout ADD CONSTRAINT bulk_payout_one_preparing
        EXCLUDE USING btree (workspace_id WITH =) WHERE (status = 'PREPARING')
        DEFERRABLE INITIALLY DEFERRED
    """,
    "ALTER TABLE payouts_bulkpayout DROP CONSTRAINT bulk_payout_one_preparing",
)


class Migration(migrations.Migration):
    dependencies = [("payouts", "0007_sum_of_every_item")]

    operations = [
        migrations.RemoveConstraint(model_name="bulkpayout", name="bulk_payout_one_preparing"),
        ONE_SELECTION,
    ]
