import json
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from config.closing.month import MonthFiles, close_month
from config.closing.people import crew_of
from config.closing.report import Report, line
from core.bell import silence
from core.companies.access import workspace_of
from core.companies.models import Company, Role
from core.companies.services import add_member, create_company
from core.errors import DomainError


class Command(BaseCommand):
    help = "From a month's files to paid partners, through the sandbox bank and tax provider."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--company", required=True, help="the company's slug")
        parser.add_argument(
            "--create", action="store_true", help="create tables and company if missing"
        )
        parser.add_argument("--test", action="store_true", help="use its test environment")
        parser.add_argument("--contracts", type=Path, required=True)
        parser.add_argument("--partners", type=Path, required=True)
        parser.add_argument("--orders", type=Path, required=True, help="CSV or XLSX")
        parser.add_argument("--as-of", type=date.fromisoformat, required=True)
        parser.add_argument("--json", action="store_true", help="one JSON object instead")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["create"]:
            call_command("migrate", verbosity=0)
        with silence():
            report = self._close(options)
        if options["json"]:
            self.stdout.write(json.dumps(report.as_json(), ensure_ascii=False))
        if not report.is_clean:
            raise CommandError(f"broken invariants: {', '.join(report.broken_invariants)}")

    def _close(self, options: dict[str, Any]) -> Report:
        company = _company(options["company"], create=options["create"])
        files = MonthFiles(
            options["contracts"], options["partners"], options["orders"], options["as_of"]
        )
        say = (lambda stage: None) if options["json"] else (lambda s: self.stdout.write(line(s)))
        try:
            return close_month(
                workspace=workspace_of(company, test=options["test"]),
                crew=crew_of(company),
                files=files,
                say=say,
            )
        except (DomainError, OSError) as error:
            raise CommandError(str(error)) from error


def _company(slug: str, *, create: bool) -> Company:
    company = Company.objects.filter(slug=slug).first()
    if company is not None:
        return company
    if not create:
        raise CommandError(f"no company has the slug {slug!r}; --create makes it")
    company = create_company(
        slug=slug, name=slug, business_registration_number="1234567891", representative_name="대표"
    )
    for role, name in ((Role.OWNER, "승인자"), (Role.ADMIN, "담당자")):
        add_member(company=company, email=f"{name}.{slug}@example.com", name=name, role=role)
    return company
