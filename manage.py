#!/usr/bin/env python
import os
import sys

NEEDS_NO_SERVICES = {
    "check",
    "compilemessages",
    "help",
    "makemessages",
    "makemigrations",
    "spectacular",
    "version",
}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.core.management import execute_from_command_line

    from config.runtime.lease import embedded_services

    if NEEDS_NO_SERVICES.intersection(sys.argv[1:2]):
        execute_from_command_line(sys.argv)
        return
    with embedded_services():
        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
