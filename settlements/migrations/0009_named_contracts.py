from django.db import migrations, models

NAMED = """
    UPDATE settlements_transfer SET contract_is_named = true
    FROM partners_contract contract
    WHERE settlements_transfer.type = 'ORDER'
      AND contract.id = settlements_transfer.contract_id
      AND contract.public_id <> (
          SELECT content ->> 'defaultContractId' FROM partners_partnerversion
          WHERE subject_id = settlements_transfer.partner_id AND status = 'APPLIED'
          ORDER BY applied_at <= settlements_transfer.created_at DESC,
                   CASE WHEN applied_at <= settlements_transfer.created_at THEN number
                        ELSE -number END DESC
          LIMIT 1
      )
"""
"""An order under another contract than its partner had when it was registered had named it."""


class Migration(migrations.Migration):
    dependencies = [
        ("companies", "0003_secret_rotation"),
        ("partners", "0003_checks_and_approval"),
        ("settlements", "0008_open_transfers"),
    ]

    operations = [
        migrations.AddField(
            model_name="transfer",
            name="contract_is_named",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="주문이 계약을 골랐다; 아니면 정산 시작일의 파트너 기본 계약을 따른다",
            ),
        ),
        migrations.AddConstraint(
            model_name="transfer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("type", "ORDER"), ("contract_is_named", False), _connector="OR"
                ),
                name="transfer_orders_name_contracts",
            ),
        ),
        migrations.RunSQL(NAMED, migrations.RunSQL.noop),
    ]
