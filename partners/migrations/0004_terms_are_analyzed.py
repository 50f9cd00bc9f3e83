from django.db import migrations

ANALYZED = """
    ALTER TABLE {table} SET (autovacuum_analyze_threshold = 1);
    ANALYZE {table};
"""
"""Autovacuum looks at no table of fewer than fifty rows. Without statistics one row is expected of
a contract's few, and a page of transfers is found by sorting them all."""

TABLES = ("partners_contract", "partners_discountsharepolicy", "partners_additionalfeepolicy")


class Migration(migrations.Migration):
    dependencies = [("partners", "0003_checks_and_approval")]

    operations = [
        migrations.RunSQL(ANALYZED.format(table=table), migrations.RunSQL.noop) for table in TABLES
    ]
