from django.db import migrations

from core.database import composite_foreign_key


class Migration(migrations.Migration):
    dependencies = [("partners", "0001_initial")]

    operations = [
        composite_foreign_key("partners_partner", "default_contract_id", "partners_contract"),
        composite_foreign_key("partners_partnerversion", "subject_id", "partners_partner"),
        composite_foreign_key("partners_contractversion", "subject_id", "partners_contract"),
        composite_foreign_key(
            "partners_discountsharepolicyversion", "subject_id", "partners_discountsharepolicy"
        ),
        composite_foreign_key(
            "partners_additionalfeepolicyversion", "subject_id", "partners_additionalfeepolicy"
        ),
    ]
