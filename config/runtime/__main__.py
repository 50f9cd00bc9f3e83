"""python -m config.runtime serve | remove"""

from __future__ import annotations

import argparse
import shutil
import sys

from config.environment import VAR_DIR
from config.runtime import lease
from config.runtime.supervisor import serve

OURS = ("beat*", "mail", "media", "sandbox", "secret-key")
"""VAR_DIR may be a folder that holds other things too."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m config.runtime")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("serve", help="services, migrations, web, worker and beat until Ctrl-C")
    commands.add_parser("remove", help="delete the database, files and mail of JEONGSAN_VAR")
    return serve() if parser.parse_args().command == "serve" else remove()


def remove() -> int:
    try:
        lease.remove()
    except lease.ServicesInUse as refusal:
        sys.stderr.write(f"{refusal}\n")
        return 1
    for path in (path for pattern in OURS for path in VAR_DIR.glob(pattern)):
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    return 0


if __name__ == "__main__":
    sys.exit(main())
