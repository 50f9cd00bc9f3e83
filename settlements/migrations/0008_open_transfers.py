from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models

OPEN = ["SCHEDULED", "IN_PROCESS", "SETTLED", "PAYOUT_CONFIRMED", "IN_PAYOUT"]


class Migration(migrations.Migration):
    atomic = False  # nobody waits while an index over millions of transfers is built

    dependencies = [
        ("companies", "0003_secret_rotation"),
        ("partners", "0003_checks_and_approval"),
        ("settlements", "0007_simulations"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="transfer",
            index=models.Index(
                condition=models.Q(("status__in", OPEN)),
                fields=["workspace", "status", "settlement_date"],
                name="transfer_open",
            ),
        ),
        RemoveIndexConcurrently(model_name="transfer", name="transfer_due"),
    ]
