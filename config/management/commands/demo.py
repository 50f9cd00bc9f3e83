from argparse import ArgumentParser
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from config.closing.month import MonthFiles, close_month
from config.closing.people import crew_of
from config.closing.report import line
from config.demo import company as demo
from config.demo.month import DISCOUNTS, FEES, DemoFiles, write_month
from config.environment import VAR_DIR, number
from config.runtime.supervisor import serve
from core import clock
from core.bell import silence
from core.companies.access import workspace_of
from core.events.actors import Actor
from partners import imports
from partners.services import update_setting
from partners.inputs import UpdateSetting


class Command(BaseCommand):
    help = "데모마켓: a month that looks real, run through every stage, then served."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--no-serve", action="store_true", help="stop after the table")
        parser.add_argument("--orders", type=int, default=20_000)
        parser.add_argument("--partners", type=int, default=300)

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", verbosity=0)
        market = demo.open_company()
        with silence():
            self._run_month(market, options)
        self._introduce(market)
        if not options["no_serve"]:
            raise SystemExit(serve())

    def _run_month(self, market: demo.Demo, options: dict[str, Any]) -> None:
        files = _files(options)
        for test in (False, True):
            workspace = workspace_of(market.company, test=test)
            demo.set_up(workspace)
        self.stdout.write(f"데모마켓 {files.month:%Y년 %m월}\n")
        report = close_month(
            workspace=workspace_of(market.company, test=False),
            crew=crew_of(market.company),
            files=MonthFiles(files.contracts, files.partners, files.orders, files.as_of),
            say=lambda stage: self.stdout.write(line(stage)),
        )
        total = report.totals
        self.stdout.write(f"순정산 {total['net_settlement']:,}원 · 파트너 {len(report.partners):,}곳")

    def _introduce(self, market: demo.Demo) -> None:
        url = settings.PUBLIC_URL if settings.PUBLIC_URL_IS_SET else f"http://127.0.0.1:{number('PORT', 8000)}"
        self.stdout.write(f"\n콘솔  {url}/console/")
        for email, name, role in demo.PEOPLE:
            self.stdout.write(f"  {email}  {demo.PASSWORD}  ({role.label} {name})")
        if market.secret:
            self.stdout.write(f"API 시크릿 (한 번만 표시)  {market.secret}")
        else:
            self.stdout.write("API 시크릿은 처음에 한 번만 표시했습니다. 새로: manage.py create_api_secret --company demo")
