"""python -m tests.bench.uploading workspace-id file: an upload as a worker would run it."""

from __future__ import annotations

import sys
from pathlib import Path

import django

if __name__ == "__main__":
    django.setup()
    from core.companies.models import Workspace
    from settlements.services.uploads import import_orders
    from tests.bench.market import ACTOR

    workspace = Workspace.objects.get(pk=int(sys.argv[1]))
    import_orders(workspace=workspace, actor=ACTOR, path=Path(sys.argv[2]))
