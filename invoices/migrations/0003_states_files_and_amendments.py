import django.db.models.deletion
import invoices.models.file
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('companies', '0001_initial'),
        ('invoices', '0002_same_workspace'),
        ('jobs', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='InvoiceFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(db_collation='C', max_length=100)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('name', models.CharField(max_length=200)),
                ('file', models.FileField(blank=True, upload_to=invoices.models.file.file_path)),
                ('attached_at', models.DateTimeField(null=True)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.RemoveConstraint(
            model_name='taxinvoice',
            name='tax_invoice_issued_has_number',
        ),
        migrations.RemoveField(
            model_name='taxinvoice',
            name='refused_reason',
        ),
        migrations.AddField(
            model_name='bulktaxinvoice',
            name='purpose_key',
            field=models.CharField(help_text='같은 일로 두 묶음을 만들지 않게 하는 키', max_length=160, null=True),
        ),
        migrations.AddField(
            model_name='taxinvoice',
            name='amendment_group',
            field=models.CharField(blank=True, help_text='함께 발행되어야 하는 수정 문서의 묶음', max_length=40),
        ),
        migrations.AddField(
            model_name='taxinvoice',
            name='end_reason',
            field=models.CharField(blank=True, max_length=300, verbose_name='거부·취소 사유'),
        ),
        migrations.AddField(
            model_name='taxinvoice',
            name='provider_error_code',
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.AlterField(
            model_name='bulktaxinvoice',
            name='status',
            field=models.CharField(choices=[('DRAFT_PENDING', '임시저장 대기'), ('DRAFTED', '임시저장 완료'), ('REQUEST_PENDING', '요청 대기'), ('ISSUE_PENDING', '발행 대기'), ('IN_PROGRESS', '진행 중'), ('COMPLETED', '처리 완료'), ('FAILED', '실패'), ('CANCELLED', '취소')], default='DRAFT_PENDING', max_length=16),
        ),
        migrations.AlterField(
            model_name='taxinvoice',
            name='modification_type',
            field=models.CharField(blank=True, choices=[('CORRECTION_OF_ENTRY_ERRORS', '기재사항 착오 정정'), ('CHANGE_IN_SUPPLY_COST', '공급가액 변동'), ('RETURN', '환입'), ('CANCELLATION_OF_CONTRACT', '계약의 해제'), ('DUPLICATE_ISSUANCE_DUE_TO_ERROR', '착오에 의한 이중 발급'), ('LOCAL_LETTER_OF_CREDIT', '내국신용장 사후 개설')], max_length=40),
        ),
        migrations.AlterField(
            model_name='taxinvoice',
            name='status',
            field=models.CharField(choices=[('DRAFTED', '임시저장'), ('REQUESTED', '역발행 요청'), ('REQUEST_REFUSED', '역발행 거부'), ('REQUEST_CANCELLED', '요청 회수'), ('ISSUED', '발행완료'), ('ISSUANCE_CANCELLED', '발행취소'), ('BEFORE_SENDING', '전송 전'), ('WAITING_SENDING', '전송 대기'), ('SENDING', '전송 중'), ('SENDING_PENDING', '전송 확인 중'), ('SENDING_COMPLETED', '전송완료'), ('SENDING_FAILED', '전송실패'), ('DRAFT_PENDING', '임시저장 중'), ('REQUEST_PENDING', '요청 중'), ('ISSUE_PENDING', '발행 중'), ('CANCEL_PENDING', '취소 처리 중'), ('DRAFT_FAILED', '임시저장 실패'), ('REQUEST_FAILED', '요청 실패'), ('ISSUE_FAILED', '발행 실패')], max_length=20),
        ),
        migrations.AddIndex(
            model_name='taxinvoice',
            index=models.Index(condition=models.Q(('status__in', ['BEFORE_SENDING', 'CANCEL_PENDING', 'DRAFT_PENDING', 'ISSUED', 'ISSUE_PENDING', 'REQUEST_PENDING', 'SENDING', 'SENDING_PENDING', 'WAITING_SENDING'])), fields=['status_updated_at'], name='tax_invoice_in_motion'),
        ),
        migrations.AddConstraint(
            model_name='bulktaxinvoice',
            constraint=models.UniqueConstraint(fields=('workspace', 'purpose_key'), name='bulk_tax_invoice_purpose_once'),
        ),
        migrations.AddConstraint(
            model_name='taxinvoice',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status__in', ['BEFORE_SENDING', 'ISSUED', 'SENDING', 'SENDING_COMPLETED', 'SENDING_PENDING', 'WAITING_SENDING']), _negated=True), models.Q(('issued_at__isnull', False), models.Q(('nts_approval_number', ''), _negated=True)), _connector='OR'), name='tax_invoice_issued_has_number'),
        ),
        migrations.AddConstraint(
            model_name='taxinvoice',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('modification_type', ''), ('original', None)), models.Q(models.Q(('modification_type', ''), _negated=True), ('original__isnull', False)), _connector='OR'), name='tax_invoice_amendment_has_original'),
        ),
        migrations.AddConstraint(
            model_name='taxinvoice',
            constraint=models.CheckConstraint(condition=models.Q(('deleted_at', None), ('status__in', ['DRAFTED', 'DRAFT_FAILED', 'ISSUANCE_CANCELLED', 'ISSUE_FAILED', 'REQUEST_CANCELLED', 'REQUEST_FAILED', 'REQUEST_REFUSED', 'SENDING_FAILED']), _connector='OR'), name='tax_invoice_only_ended_is_deleted'),
        ),
        migrations.AddField(
            model_name='invoicefile',
            name='invoice',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='attachments', to='invoices.taxinvoice'),
        ),
        migrations.AddField(
            model_name='invoicefile',
            name='workspace',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='companies.workspace'),
        ),
        migrations.AddConstraint(
            model_name='invoicefile',
            constraint=models.UniqueConstraint(fields=('workspace', 'public_id'), name='invoices_invoicefile_public_id'),
        ),
        migrations.AddConstraint(
            model_name='invoicefile',
            constraint=models.UniqueConstraint(fields=('workspace', 'id'), name='invoices_invoicefile_in_workspace'),
        ),
        migrations.AddConstraint(
            model_name='invoicefile',
            constraint=models.CheckConstraint(condition=models.Q(('invoice', None), models.Q(('file', ''), _negated=True), _connector='OR'), name='invoice_file_attached_is_uploaded'),
        ),
    ]
