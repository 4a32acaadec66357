"""The page of settings lists every one, with the default it really has."""

from __future__ import annotations

import re
import tomllib
from dataclasses import fields
from typing import Any

from tideover.portfolio.workspace import Settings, parse_settings


def page(repo: Any) -> str:
    """Return the settings as the page shows them."""
    text = (repo / "docs/settings.md").read_text(encoding="utf-8")
    return "".join(re.findall(r"```toml\n(.*?)```", text, re.S))


def test_the_page_of_settings_shows_the_defaults(repo: Any) -> None:
    assert parse_settings(page(repo)) == Settings()


def test_the_page_of_settings_leaves_none_out(repo: Any) -> None:
    shown, defaults = tomllib.loads(page(repo)), Settings()
    for section in fields(Settings):
        names = [setting.name for setting in fields(getattr(defaults, section.name))]
        assert list(shown[section.name]) == names
