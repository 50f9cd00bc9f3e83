import django.contrib.postgres.fields
import django.db.models.deletion
import payouts.models.statement
from django.db import migrations, models

from core.database import append_only, composite_foreign_key

CARRY_OVER = migrations.RunSQL(
    """
    INSERT INTO payouts_statementtemplateversion
        (template_id, revision, title, shown_items, notice, created_by, created_at)
    SELECT id, revision, '정산내역서', ARRAY['sender', 'partner_name', 'partner_type', 'taxation',
           'account', 'holder', 'period', 'amount', 'steps', 'settlement', 'supply', 'vat',
           'tax_free', 'withholding', 'lines'],
           '', '시스템', created_at
    FROM payouts_statementtemplate;

    INSERT INTO payouts_statementdocument
        (workspace_id, public_id, created_at, statement_id, version_id, content, file, sha256)
    SELECT statement.workspace_id, 'std-' || statement.public_id, statement.created_at,
           statement.id, version.id,
           jsonb_build_object(
               'layout', 1, 'title', version.title, 'notice', '', 'transfers', '[]'::jsonb,
               'template', jsonb_build_object('name', template.name, 'revision', version.revision),
               'withholds', payout.partner_type = 'WHT_PAYER',
               'glance', jsonb_build_object(
                   'orders', opening.orders, 'change', payout.amount - opening.orders,
                   'amount', payout.amount
               )
           ) || statement.content || jsonb_build_object(
               'amounts',
               jsonb_build_object('settlement_tax_free', payout.settlement_tax_free_amount)
               || (statement.content -> 'amounts')
           ),
           statement.file, statement.sha256
    FROM payouts_statement statement
    JOIN payouts_payout payout ON payout.id = statement.payout_id
    JOIN payouts_statementtemplate template ON template.id = statement.template_id
    CROSS JOIN LATERAL (
        SELECT COALESCE(sum((step ->> 'amount')::bigint), 0) AS orders
        FROM jsonb_array_elements(statement.content -> 'steps') step
        WHERE step ->> 'label' = '총 주문'
    ) opening
    JOIN payouts_statementtemplateversion version ON version.template_id = statement.template_id
    WHERE statement.file <> '';

    UPDATE payouts_statement SET document_id = document.id
    FROM payouts_statementdocument document WHERE document.statement_id = payouts_statement.id;

    SET CONSTRAINTS ALL IMMEDIATE;
    """,
    migrations.RunSQL.noop,
)
"""Documents sent before keep their bytes; their content gains what pages and mails read since.

Every template so far showed everything.
"""


class Migration(migrations.Migration):

    dependencies = [
        ('companies', '0002_failure'),
        ('jobs', '0001_initial'),
        ('notifications', '0001_initial'),
        ('payouts', '0004_selection'),
    ]

    operations = [
        migrations.CreateModel(
            name='StatementDocument',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(db_collation='C', max_length=100)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('content', models.JSONField(help_text='문서에 적힌 내용 그대로')),
                ('file', models.FileField(upload_to=payouts.models.statement.statement_path)),
                ('sha256', models.CharField(max_length=64)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='StatementTemplateVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('revision', models.PositiveIntegerField()),
                ('title', models.CharField(max_length=40, verbose_name='제목')),
                ('shown_items', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), size=None, verbose_name='표시 항목')),
                ('notice', models.TextField(blank=True, max_length=1000, verbose_name='안내문')),
                ('created_by', models.CharField(max_length=200)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
        ),
        migrations.AddField(
            model_name='statement',
            name='error',
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name='statement',
            name='failure',
            field=models.CharField(blank=True, choices=[('NO_ADDRESS', '파트너의 담당자 이메일이 없습니다'), ('REFUSED', '메일 서버가 받지 않았습니다'), ('UNKNOWN', '메일이 나갔는지 확인하지 못했습니다'), ('STOPPED', '발송을 중단했습니다')], max_length=10),
        ),
        migrations.AddField(
            model_name='statement',
            name='job',
            field=models.ForeignKey(help_text='마지막 발송', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='jobs.job'),
        ),
        migrations.AddField(
            model_name='statementdocument',
            name='statement',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='documents', to='payouts.statement'),
        ),
        migrations.AddField(
            model_name='statementdocument',
            name='workspace',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='companies.workspace'),
        ),
        migrations.AddField(
            model_name='statement',
            name='document',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='payouts.statementdocument'),
        ),
        migrations.AddField(
            model_name='statementtemplateversion',
            name='template',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='payouts.statementtemplate'),
        ),
        migrations.AddField(
            model_name='statementdocument',
            name='version',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='documents', to='payouts.statementtemplateversion'),
        ),
        CARRY_OVER,
        migrations.RemoveField(
            model_name='statement',
            name='content',
        ),
        migrations.RemoveField(
            model_name='statement',
            name='file',
        ),
        migrations.RemoveField(
            model_name='statement',
            name='sha256',
        ),
        migrations.RemoveField(
            model_name='statement',
            name='template',
        ),
        migrations.RemoveField(
            model_name='statement',
            name='template_revision',
        ),
        migrations.RemoveField(
            model_name='statementtemplate',
            name='shown_items',
        ),
        migrations.AlterField(
            model_name='statement',
            name='message',
            field=models.ForeignKey(help_text='마지막 발송의 메일', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='notifications.message'),
        ),
        migrations.AlterField(
            model_name='statementtemplate',
            name='is_archived',
            field=models.BooleanField(default=False, verbose_name='보관'),
        ),
        migrations.AlterField(
            model_name='statementtemplate',
            name='is_default',
            field=models.BooleanField(default=False, verbose_name='기본 템플릿'),
        ),
        migrations.AlterField(
            model_name='statementtemplate',
            name='revision',
            field=models.PositiveIntegerField(default=1, verbose_name='버전'),
        ),
        migrations.AddConstraint(
            model_name='statementtemplate',
            constraint=models.CheckConstraint(condition=models.Q(('is_archived', True), ('is_default', True), _negated=True), name='statement_template_default_in_use'),
        ),
        migrations.AddIndex(
            model_name='statement',
            index=models.Index(fields=['workspace', 'status'], name='statement_status'),
        ),
        migrations.AddIndex(
            model_name='statement',
            index=models.Index(condition=models.Q(('message', None), ('status', 'SEND_PREPARED')), fields=['job', 'id'], name='statement_to_write'),
        ),
        migrations.AddConstraint(
            model_name='statement',
            constraint=models.CheckConstraint(condition=models.Q(('status', 'SEND_FAILED'), models.Q(('error', ''), ('failure', '')), _connector='OR'), name='statement_failure_when_failed'),
        ),
        migrations.AddConstraint(
            model_name='statement',
            constraint=models.CheckConstraint(condition=models.Q(('message', None), ('document__isnull', False), _connector='OR'), name='statement_mail_has_document'),
        ),
        migrations.AddConstraint(
            model_name='statementtemplateversion',
            constraint=models.UniqueConstraint(fields=('template', 'revision'), name='statement_version_once'),
        ),
        migrations.AddConstraint(
            model_name='statementdocument',
            constraint=models.UniqueConstraint(fields=('workspace', 'public_id'), name='payouts_statementdocument_public_id'),
        ),
        migrations.AddConstraint(
            model_name='statementdocument',
            constraint=models.UniqueConstraint(fields=('workspace', 'id'), name='payouts_statementdocument_in_workspace'),
        ),
        migrations.AddConstraint(
            model_name='statementdocument',
            constraint=models.UniqueConstraint(fields=('statement', 'version'), name='statement_document_once'),
        ),
        composite_foreign_key("payouts_statement", "job_id", "jobs_job"),
        composite_foreign_key("payouts_statement", "document_id", "payouts_statementdocument"),
        composite_foreign_key("payouts_statementdocument", "statement_id", "payouts_statement"),
        append_only("payouts_statementtemplateversion"),
        append_only("payouts_statementdocument"),
    ]
