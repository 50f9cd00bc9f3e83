"""python -m config.runtime serve | remove"""

from __future__ import annotations

import argparse
import sys

from config.runtime import lease
from config.runtime.supervisor import serve


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m config.runtime")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("serve", help="services, migrations, web, worker and beat until Ctrl-C")
    commands.add_parser("remove", help="delete the embedded database, for good")
    if parser.parse_args().command == "serve":
        return serve()
    lease.remove()
    return 0


if __name__ == "__main__":
    sys.exit(main())
