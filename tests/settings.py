"""config.settings for a test run: a var folder of its own, and nobody listens to the bell.

The first process of a run makes the folder and xdist's workers inherit its name; the embedded
services are shared, files are each worker's own.
"""

import os
import tempfile

if "JEONGSAN_TEST_VAR" not in os.environ:
    os.environ["JEONGSAN_TEST_VAR"] = tempfile.mkdtemp(prefix="jeongsan-test-")
os.environ["JEONGSAN_VAR"] = os.environ["JEONGSAN_TEST_VAR"]
os.environ.setdefault("EMBEDDED_DURABLE", "false")
os.environ.setdefault("LOG_LEVEL", "WARNING")

from config.settings import *  # noqa: F403
from config.settings import INSTALLED_APPS, VAR_DIR

OWN_DIR = VAR_DIR / os.environ.get("PYTEST_XDIST_WORKER", "main")
MEDIA_ROOT = OWN_DIR / "media"
MAIL_DIR = OWN_DIR / "mail"
EMAIL_FILE_PATH = str(MAIL_DIR)
SANDBOX_DIR = OWN_DIR / "sandbox"

INSTALLED_APPS = [*INSTALLED_APPS, "tests"]  # its `flush`
RINGS_WORKERS = False
PASSWORD_HASHERS = ["tests.hashers.QuickHasher"]
