"""The server's own settings, and one more address."""

from config.settings import *  # noqa: F403

ROOT_URLCONF = "tests.bench.bare"
