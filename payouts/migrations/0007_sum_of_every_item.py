from django.db import migrations

from core.database import judges_for_everyone


class Migration(migrations.Migration):
    dependencies = [("payouts", "0006_one_currency_and_indexes")]

    operations = [judges_for_everyone("payout_is_the_sum_of_its_items")]
