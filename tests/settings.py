"""Django's settings for tests: a workspace of its own, keys of no worth, SQLite or PostgreSQL."""

import os
import tempfile

os.environ.setdefault("TIDEOVER_WORKSPACE", tempfile.mkdtemp(prefix="tideover-tests-"))
os.environ.setdefault(
    "TIDEOVER_SECRET_KEY", "for tests, where nothing is at stake: any words do, many"
)
os.environ.setdefault("TIDEOVER_SEAL_KEYS", "test:" + "A" * 43 + "=")
os.environ.setdefault("TIDEOVER_PLAIN_HTTP", "1")
os.environ.setdefault("TIDEOVER_SECOND_FACTOR", "optional")
os.environ.setdefault("TIDEOVER_HOSTS", "localhost,127.0.0.1,testserver")

from tideover.casework.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # quick, and only here
