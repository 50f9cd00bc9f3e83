from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.companies.models import Company
from core.companies.services import create_api_secret


class Command(BaseCommand):
    help = "Print a new API secret once; only its hash is stored."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--company", required=True, help="the company's slug")
        parser.add_argument("--name", default="명령줄에서 만든 시크릿")

    def handle(self, *args: Any, **options: Any) -> None:
        company = Company.objects.filter(slug=options["company"]).first()
        if company is None:
            raise CommandError(f"no company has the slug {options['company']!r}")
        _, clear = create_api_secret(company=company, name=options["name"])
        self.stdout.write(clear)
