"""The loaders of vectors, rulebooks and strategies under a coverage-guided fuzzer."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.conftest import REPO, lacks
from tests.fuzz.targets import TARGETS

SECONDS = 60


@pytest.mark.matrix
@pytest.mark.parametrize("target", TARGETS)
def test_no_bytes_bring_a_loader_to_anything_but_a_result_or_a_refusal(
    target: str, tmp_path: Path
) -> None:
    if find_spec("atheris") is None:
        lacks("atheris", install=".venv/bin/uv pip install --python .venv/bin/python atheris")
    ran = subprocess.run(
        [sys.executable, "-m", "tests.fuzz.targets", target, f"-max_total_time={SECONDS}",
         f"-artifact_prefix={tmp_path}/", "-max_len=4096"],
        cwd=REPO, capture_output=True, text=True, check=False, timeout=SECONDS * 5,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr[-3000:]
