"""The mapping that the paper shows is one that intake takes."""

from __future__ import annotations

import re
from typing import Any

from tideover.portfolio.intake.mapping import parse_mapping


def test_the_mapping_in_the_docs_is_understood(repo: Any) -> None:
    paper = (repo / "docs/mapping.md").read_text(encoding="utf-8")
    (shown,) = re.findall(r"```toml\n(.*?)```", paper, re.DOTALL)
    assert "receipts" in parse_mapping(shown).sources
