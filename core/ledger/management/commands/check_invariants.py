from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.companies.models import Workspace
from core.invariants import INVARIANTS, violations


class Command(BaseCommand):
    help = "Ask the database every truth the apps declare; fails when one does not hold."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--company", help="only this company's slug")

    def handle(self, *args: Any, **options: Any) -> None:
        workspaces = Workspace.objects.select_related("company").order_by("pk")
        if options["company"]:
            workspaces = workspaces.filter(company__slug=options["company"])
        if not workspaces:
            raise CommandError(f"no company has the slug {options['company']!r}")
        broken = sum(self._report(workspace) for workspace in workspaces)
        if broken:
            raise CommandError(f"{broken} invariants are broken")
        self.stdout.write(f"{len(INVARIANTS)} invariants hold in {len(workspaces)} workspaces")

    def _report(self, workspace: Workspace) -> int:
        found = list(violations(workspace))
        for violation in found:
            self.stdout.write(f"{workspace}: {violation.invariant.name}")
            for offender in violation.offenders:
                self.stdout.write(f"    {dict(offender)}")
        return len(found)
