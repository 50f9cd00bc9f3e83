from django.db import migrations

from core.database import composite_foreign_key


class Migration(migrations.Migration):
    dependencies = [("invoices", "0001_initial"), ("partners", "0002_same_workspace")]

    operations = [
        composite_foreign_key("invoices_counterparty", "partner_id", "partners_partner"),
        composite_foreign_key(
            "invoices_taxinvoice", "supplier_counterparty_id", "invoices_counterparty"
        ),
        composite_foreign_key(
            "invoices_taxinvoice", "recipient_counterparty_id", "invoices_counterparty"
        ),
        composite_foreign_key("invoices_taxinvoice", "original_id", "invoices_taxinvoice"),
        composite_foreign_key("invoices_taxinvoice", "bulk_id", "invoices_bulktaxinvoice"),
    ]
