"""config.settings for a test run: a var folder of its own, and nobody listens to the bell.

The first process of a run makes the folder and xdist's workers inherit its name.
"""

import os
import tempfile

if "JEONGSAN_TEST_VAR" not in os.environ:
    os.environ["JEONGSAN_TEST_VAR"] = tempfile.mkdtemp(prefix="jeongsan-test-")
os.environ["JEONGSAN_VAR"] = os.environ["JEONGSAN_TEST_VAR"]
os.environ.setdefault("EMBEDDED_DURABLE", "false")

from config.settings import *  # noqa: F403

RINGS_WORKERS = False
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
