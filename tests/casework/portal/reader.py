"""Somebody with a small phone and no scripts, in a real browser: reads, taps, types, goes back."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe

from tests.casework import cast
from tests.casework.portal.phone import bills, link, written_to
from tideover.casework.cases.models import Case
from tideover.casework.outreach.links import code_of
from tideover.casework.portal.models import Code

PICTURES = os.environ.get("TIDEOVER_PICTURES")  # a folder to keep pictures of pages in
WIDTH = 320


@dataclass
class Reader:
    """A page of a browser.

    Args:
        page: Of the browser.
        at: Where the portal is.
    """

    page: Any
    at: str

    def open(self, path: str) -> Reader:
        """Open an address of the portal."""
        self.page.goto(path if path.startswith("http") else f"{self.at}{path}")
        return self

    def tap(self, words: str) -> Reader:
        """Tap the link or the button that has these words."""
        spot = self.page.get_by_role("link", name=words).or_(
            self.page.get_by_role("button", name=words))  # fmt: skip
        spot.first.click()
        return self

    def choose(self, *values: str) -> Reader:
        """Choose answers of the page by what they are called in the form, and go on."""
        for value in values:
            self.page.locator(f"main input[value='{value}']").check()
        return self.go_on()

    def write(self, name: str, words: str) -> Reader:
        """Type an answer, and go on."""
        self.page.locator(f"main [name='{name}']").fill(words)
        return self.go_on()

    def go_on(self) -> Reader:
        """Press the first button of the page."""
        self.page.locator("main form button").first.click()
        return self

    def prove(self) -> Reader:
        """Have a code sent to the address on file, and type it."""
        assert self.where.startswith("/my/code/")
        return self.go_on().write("code", code_of(Code.objects.latest("pk").message))

    def back(self) -> Reader:
        """Press the browser's own button to go back."""
        self.page.go_back()
        return self

    @property
    def title(self) -> str:
        """The first heading."""
        return plain(self.page.locator("h1").first.inner_text())

    @property
    def text(self) -> str:
        """What one reads on the page."""
        return plain(self.page.locator("main").inner_text())

    @property
    def where(self) -> str:
        """The address of the page, without the portal's own."""
        return str(self.page.url).removeprefix(self.at)


def plain(text: str) -> str:
    """Return what one reads, with spaces of one kind."""
    return " ".join(text.replace("\u00a0", " ").replace("\u202f", " ").split())


def come_in(reader: Reader, case: Case | None = None) -> Case:
    """Open the link of a message and answer its question; return the case, with its two bills."""
    if case is None:
        case = cast.payer()
        bills(case)
    reader.open(link(written_to(case))).write("answer", case.account.person.postcode)
    return case


def faults(page: Any, wide: int = WIDTH) -> list[str]:
    """Return what axe finds wrong with a page, and whether it is wider than the phone."""
    found = [f"{one['id']}: {[node['target'] for node in one['nodes']]}"
             for one in Axe().run(page).response["violations"]]  # fmt: skip
    width = page.evaluate("document.documentElement.scrollWidth")
    return [*found, *([f"{width} wide"] if width > wide else [])]


def picture(page: Any, name: str) -> None:
    """Keep a picture, where a folder for them is named."""
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)
