from django.db import migrations

from core.database import composite_foreign_key

CONTENT = (
    "issuance_type, taxation_type, purpose_type, write_date, supplier_brn, supplier, "
    "supplier_document_key, recipient_brn, recipient, recipient_document_key, "
    "total_supply_amount, total_tax_amount, total_amount, settlement_methods, items, remarks, "
    "book_numbers, modification_type, original_id, source_id, purpose_key"
)
"""What a tax authority would read; once it left the house it stays as it is."""


def row_of(name: str) -> str:
    return "ROW(" + ", ".join(f"{name}.{column.strip()}" for column in CONTENT.split(",")) + ")"


FREEZE = f"""
CREATE FUNCTION invoices_taxinvoice_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'a tax invoice that left the house does not change'
    USING ERRCODE = 'restrict_violation'; END $$;
CREATE TRIGGER invoices_taxinvoice_frozen BEFORE UPDATE OF {CONTENT} ON invoices_taxinvoice
    FOR EACH ROW WHEN (
        OLD.status NOT IN
            ('DRAFT_PENDING', 'DRAFTED', 'DRAFT_FAILED', 'REQUEST_FAILED', 'ISSUE_FAILED')
        AND {row_of('OLD')} IS DISTINCT FROM {row_of('NEW')}
    ) EXECUTE FUNCTION invoices_taxinvoice_is_frozen();
"""
THAW = """
DROP TRIGGER invoices_taxinvoice_frozen ON invoices_taxinvoice;
DROP FUNCTION invoices_taxinvoice_is_frozen();
"""


class Migration(migrations.Migration):
    dependencies = [("invoices", "0003_states_files_and_amendments")]

    operations = [
        composite_foreign_key("invoices_invoicefile", "invoice_id", "invoices_taxinvoice"),
        migrations.RunSQL(FREEZE, THAW),
    ]
