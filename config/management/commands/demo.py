from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from config.closing.month import MonthFiles, close_month
from config.closing.people import crew_of
from config.closing.report import line
from config.demo import company as demo
from config.demo.month import DemoFiles, month_files
from config.environment import VAR_DIR
from config.runtime.supervisor import serve
from core.bell import silence
from core.companies.access import workspace_of


class Command(BaseCommand):
    help = "데모마켓: a month that looks real, run through every stage, then served."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--no-serve", action="store_true", help="stop after the table")
        parser.add_argument("--orders", type=int, default=20_000)
        parser.add_argument("--partners", type=int, default=300)

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", verbosity=0)
        files = month_files(
            VAR_DIR / "demo", orders=options["orders"], partners=options["partners"]
        )
        market = demo.open_company()
        with silence():
            self._run_month(market, files)
        self._introduce(market)
        if not options["no_serve"]:
            raise SystemExit(serve())

    def _run_month(self, market: demo.Demo, files: DemoFiles) -> None:
        live = workspace_of(market.company, test=False)
        for workspace in (live, workspace_of(market.company, test=True)):
            demo.set_up(workspace)
        self.stdout.write(f"{market.company.name} · {files.as_of} 기준\n")
        report = close_month(
            workspace=live,
            crew=crew_of(market.company),
            files=MonthFiles(files.contracts, files.partners, files.orders, files.as_of),
            say=lambda stage: self.stdout.write(line(stage)),
        )
        total = report.totals["net_settlement"]
        self.stdout.write(f"\n순정산 {total:,}원 · 파트너 {len(report.partners):,}곳")

    def _introduce(self, market: demo.Demo) -> None:
        self.stdout.write(f"\n콘솔  {settings.PUBLIC_URL}/console/")
        for email, name, role in demo.PEOPLE:
            self.stdout.write(f"  {email}  {demo.PASSWORD}  {role.label} {name}")
        self.stdout.write(f"  승인자 OTP 비밀 키  {demo.otp_secret(market.company)}")
        if market.secret:
            self.stdout.write(f"API 시크릿 (지금 한 번만 보입니다)  {market.secret}")
        else:
            self.stdout.write("API 시크릿  manage.py create_api_secret --company demo")
