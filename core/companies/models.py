"""Who owns rows (Company, Workspace) and who may touch them (User, Member, ApiSecret)."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AbstractUser, UserManager
from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models

from core import clock


class EmailUserManager(UserManager["User"]):
    """Accounts are found by e-mail; the user name is the e-mail."""

    def create_member_user(self, *, email: str, name: str, password: str | None) -> User:
        return self.create_user(username=email, email=email, first_name=name, password=password)


class User(AbstractUser):
    totp_secret_encrypted = models.TextField(blank=True, help_text="OTP 비밀 키 (암호화)")
    totp_last_step = models.BigIntegerField(default=0, help_text="마지막으로 쓴 OTP 시각 구간")

    objects: ClassVar[EmailUserManager] = EmailUserManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["email"], name="user_email_unique")]


def logo_path(company: Company, filename: str) -> str:
    return f"logos/{company.pk}/{filename}"


class Company(models.Model):
    """A tenant (고객사): the platform that settles with its sellers."""

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField("상호", max_length=200)
    business_registration_number = models.CharField("사업자등록번호", max_length=10, blank=True)
    representative_name = models.CharField("대표자", max_length=100, blank=True)
    address = models.CharField("주소", max_length=300, blank=True)
    business_type = models.CharField("업태", max_length=100, blank=True)
    business_class = models.CharField("종목", max_length=100, blank=True)
    contact_name = models.CharField("담당자", max_length=100, blank=True)
    contact_email = models.EmailField("담당자 이메일", blank=True)
    contact_phone = models.CharField("담당자 전화번호", max_length=20, blank=True)
    store_id = models.CharField("상점 아이디", max_length=60, unique=True)
    logo = models.FileField("로고", upload_to=logo_path, blank=True)
    brand_colour = models.CharField(
        "대표 색",
        max_length=7,
        default="#0f5c5c",
        validators=[RegexValidator(r"^#[0-9a-fA-F]{6}$")],
    )
    sender_email = models.EmailField("보내는 주소", blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name


class Workspace(models.Model):
    """A company's live or test environment; every business row hangs on exactly one."""

    class Environment(models.TextChoices):
        LIVE = "LIVE", "운영"
        TEST = "TEST", "테스트"

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="workspaces")
    environment = models.CharField(max_length=4, choices=Environment)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["company", "environment"], name="workspace_once")
        ]

    def __str__(self) -> str:
        return f"{self.company} {self.get_environment_display()}"

    @property
    def is_test(self) -> bool:
        return self.environment == self.Environment.TEST


class Permission(models.TextChoices):
    """What a role may do (contract.md h.10); money-moving ones also need a second person."""

    POLICY_READ = "SETTLEMENT_POLICY_READ"
    POLICY_WRITE = "SETTLEMENT_POLICY_WRITE"
    CALCULATOR_READ = "SETTLEMENT_CALCULATOR_READ"
    CALCULATOR_WRITE = "SETTLEMENT_CALCULATOR_WRITE"
    PARTNER_READ = "PARTNER_READ"
    PARTNER_WRITE = "PARTNER_WRITE"
    TRANSFER_READ = "TRANSFER_READ"
    TRANSFER_WRITE = "TRANSFER_WRITE"
    SETTLEMENT_READ = "PARTNER_SETTLEMENT_READ"
    SETTLEMENT_WRITE = "PARTNER_SETTLEMENT_WRITE"
    PAYOUT_READ = "PAYOUT_READ"
    PAYOUT_WRITE = "PAYOUT_WRITE"
    PAYOUT_APPROVE = "PAYOUT_APPROVE"
    INVOICE_READ = "TAX_INVOICE_READ"
    INVOICE_WRITE = "TAX_INVOICE_WRITE"
    ACCOUNT_READ = "ACCOUNT_TRANSFER_READ"
    ACCOUNT_WRITE = "ACCOUNT_TRANSFER_WRITE"
    PROPERTY_READ = "USER_DEFINED_PROPERTY_READ"
    PROPERTY_WRITE = "USER_DEFINED_PROPERTY_WRITE"
    SECRET_VIEW = "SECRET_VIEW"
    EXCEL_DOWNLOAD = "EXCEL_DOWNLOAD"
    FILE_UPLOAD = "FILE_UPLOAD"
    RECORD_READ = "RECORD_READ"
    INTEGRATION = "INTEGRATION"
    MEMBERS = "MEMBERS"


READS = frozenset(p for p in Permission if p.value.endswith("_READ"))
EVERYTHING = frozenset(Permission)


class Role(models.TextChoices):
    OWNER = "OWNER", "소유자"
    ADMIN = "ADMIN", "관리자"
    DEV = "DEV", "개발자"
    MANAGER = "MANAGER", "매니저"
    READ_ONLY = "READ_ONLY", "읽기 전용"
    READ_ONLY_NO_EXCEL = "READ_ONLY_NO_EXCEL", "읽기 전용 (다운로드 불가)"
    API_SECRET = "API_SECRET", "API 시크릿"


ROLE_PERMISSIONS: dict[str, frozenset[Permission]] = {
    Role.OWNER: EVERYTHING,
    Role.ADMIN: EVERYTHING - {Permission.MEMBERS},
    Role.DEV: READS | {Permission.EXCEL_DOWNLOAD, Permission.INTEGRATION},
    Role.MANAGER: READS | {Permission.EXCEL_DOWNLOAD},
    Role.READ_ONLY: READS | {Permission.EXCEL_DOWNLOAD},
    Role.READ_ONLY_NO_EXCEL: READS,
    Role.API_SECRET: EVERYTHING
    - {Permission.MEMBERS, Permission.INTEGRATION, Permission.PAYOUT_APPROVE},
}


class Member(models.Model):
    """A person's role in one company."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="members")
    role = models.CharField(max_length=20, choices=Role)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "company"], name="member_once_per_company"),
            models.CheckConstraint(
                condition=~models.Q(role=Role.API_SECRET), name="member_is_a_person"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user.first_name} ({self.get_role_display()})"

    def may(self, permission: Permission) -> bool:
        return self.is_active and permission in ROLE_PERMISSIONS[self.role]


class ApiSecret(models.Model):
    """A key for programs. Only its hash is kept; `prefix` finds the row (shown once)."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="api_secrets")
    name = models.CharField(max_length=100)
    prefix = models.CharField(max_length=16, unique=True)
    secret_hash = models.CharField(max_length=64)
    scopes = ArrayField(models.CharField(max_length=40, choices=Permission), default=list)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    replaced_by = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaces"
    )
    allowed_networks = ArrayField(
        models.CharField(max_length=49),
        default=list,
        blank=True,
        help_text="비어 있으면 어디서나; 주소 또는 CIDR",
    )
    requests_per_second = models.PositiveIntegerField(
        null=True, blank=True, help_text="비어 있으면 서버의 기본값"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(requests_per_second=None) | models.Q(requests_per_second__gt=0),
                name="api_secret_rate_positive",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    @property
    def is_expired(self) -> bool:
        return self.expires_at is not None and self.expires_at <= clock.now()

    def may(self, permission: Permission) -> bool:
        return permission.value in self.scopes


class HolidayOverride(models.Model):
    """A day the public calendar does not know yet, or has wrong (korea-rules 9)."""

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="holidays")
    day = models.DateField()
    is_holiday = models.BooleanField(default=True)
    name = models.CharField(max_length=100)
    source_url = models.URLField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["company", "day"], name="holiday_override_once")
        ]


class WorkspaceRow(models.Model):
    """Base of every business row: it belongs to one workspace and has a public id there.

    `public_id` is the id people and the API see; unique per workspace. Migrations add the
    composite key (workspace_id, id) that foreign keys point to (core.database).
    """

    workspace = models.ForeignKey(
        Workspace, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    public_id = models.CharField(max_length=100, db_collation="C")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "public_id"], name="%(app_label)s_%(class)s_public_id"
            ),
            models.UniqueConstraint(
                fields=["workspace", "id"], name="%(app_label)s_%(class)s_in_workspace"
            ),
        ]


class Failure(models.Model):
    """One wrong password or code; only the recent ones count (core.companies.throttle)."""

    key = models.CharField(max_length=300)
    failed_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["key", "failed_at"], name="failure_recent")]
