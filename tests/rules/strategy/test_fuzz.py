"""The loaders of strategies under a coverage-guided fuzzer, a few minutes long."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.conftest import REPO, lacks

SECONDS = 180


@pytest.mark.matrix
def test_no_bytes_bring_the_loaders_to_anything_but_a_refusal(tmp_path: Path) -> None:
    if find_spec("atheris") is None:
        lacks("atheris", install=".venv/bin/uv pip install --python .venv/bin/python atheris")
    ran = subprocess.run(
        [sys.executable, "-m", "tests.rules.strategy.fuzz", f"-max_total_time={SECONDS}",
         f"-artifact_prefix={tmp_path}/", "-max_len=4096"],
        cwd=REPO, capture_output=True, text=True, check=False, timeout=SECONDS * 3,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr[-3000:]
