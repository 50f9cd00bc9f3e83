from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # nobody waits while an index over millions of transfers is built

    dependencies = [
        ("companies", "0003_secret_rotation"),
        ("partners", "0004_terms_are_analyzed"),
        ("settlements", "0011_adopted_simulations"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="transfer",
            index=models.Index(
                condition=models.Q(("type__in", ["ORDER_CANCEL", "MANUAL"])),
                fields=["workspace", "settlement_date", "id"],
                name="transfer_beyond_orders",
            ),
        ),
    ]
