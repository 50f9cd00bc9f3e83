from django.db import migrations

from core.database import composite_foreign_key


class Migration(migrations.Migration):
    dependencies = [("settlements", "0001_initial"), ("partners", "0002_same_workspace")]

    operations = [
        composite_foreign_key("settlements_transfer", "partner_id", "partners_partner"),
        composite_foreign_key(
            "settlements_transfer", "partner_settlement_id", "settlements_partnersettlement"
        ),
        composite_foreign_key("settlements_partnersettlement", "partner_id", "partners_partner"),
        composite_foreign_key("settlements_partnersettlement", "contract_id", "partners_contract"),
        composite_foreign_key("settlements_orderupload", "job_id", "jobs_job"),
    ]
