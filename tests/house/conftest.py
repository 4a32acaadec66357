"""The repository as the house's checks read it."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

REPO = Path(__file__).resolve().parents[2]
CODE = ("src", "tests", "bench", "docs/examples")

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Module:
    """One Python file, parsed."""

    path: Path
    text: str
    tree: ast.Module

    @property
    def name(self) -> str:
        """Return its path in the repository."""
        return self.path.relative_to(REPO).as_posix()

    @property
    def functions(self) -> Iterator[FunctionNode]:
        """Return every function in it, methods and inner ones too."""
        return (node for node in ast.walk(self.tree) if isinstance(node, FunctionNode))


@pytest.fixture(scope="session")
def repo() -> Path:
    """Return the root of the repository."""
    return REPO


@pytest.fixture(scope="session")
def modules() -> list[Module]:
    """Return every Python file of the house."""
    paths = sorted(
        path
        for folder in CODE
        for path in (REPO / folder).rglob("*.py")
        if path.name != "0001_initial.py"
    )  # Django wrote those
    texts = [path.read_text(encoding="utf-8") for path in paths]
    return [Module(p, t, ast.parse(t)) for p, t in zip(paths, texts, strict=True)]


@pytest.fixture(scope="session")
def source(modules: list[Module]) -> list[Module]:
    """Return the modules of the package alone."""
    return [module for module in modules if module.name.startswith("src/")]


@pytest.fixture(scope="session")
def kept() -> dict[str, str]:
    """Return the text of every file git keeps, or would keep if it were added."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=REPO, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if listing.returncode:
        pytest.skip("not a git clone, so what is kept cannot be listed")
    texts = {}
    for name in filter(None, listing.stdout.split("\0")):
        content = (REPO / name).read_bytes() if (REPO / name).is_file() else b""
        if b"\0" not in content:
            texts[name] = content.decode("utf-8")
    return texts
