from django.db import migrations

from core.database import judges_for_everyone


class Migration(migrations.Migration):
    dependencies = [("ledger", "0004_account_of_a_line_by_its_key")]

    operations = [judges_for_everyone("ledger_entry_is_balanced")]
