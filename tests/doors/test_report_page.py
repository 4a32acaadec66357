"""The page: whole, readable by everyone, alone, and honest about money and doubt."""

from __future__ import annotations

import re
from datetime import date
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.doors.report_night import AS_OF, behind, cohort, decision, made_night
from tideover.doors.report import write_report
from tideover.doors.report.markup import VOID
from tideover.terms.faults import StepMissing

ACCOUNTS = [behind(1, 50_00, 10), behind(2, 150_00, 40), behind(3, 500_00, 200),
            {"account_no": 4, "account_id": "A4", "customer_id": "C4"}]  # fmt: skip
DECIDED = [
    decision("A1"), decision("A2", "holdout"),
    decision("A3", "none", treatment="none", reasons="a payment plan is running"),
]  # fmt: skip


class Reader(HTMLParser):
    """Reads a page as a browser does, and remembers every element with where it stands."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[tuple[str, dict[str, str | None], tuple[str, ...]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs), tuple(self.open)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def all(self, *tags: str) -> list[tuple[str, dict[str, str | None], tuple[str, ...]]]:
        return [each for each in self.seen if each[0] in tags]


def written(
    tmp_path: Path, *, accounts: Any = ACCOUNTS, decided: Any = DECIDED, **said: Any
) -> str:
    """Return the page of a made-up night."""
    workspace = made_night(tmp_path / "ws", accounts, decided, **said)
    write_report(workspace, AS_OF, tmp_path / "report.html")
    return (tmp_path / "report.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the page of three accounts in arrears and one without."""
    return written(tmp_path_factory.mktemp("page"))


def words(page: str) -> str:
    """Return what a person reads, without markup."""
    body = re.sub(r"(?s)<style>.*?</style>|<(?!/?b>)[^>]+>", " ", page)
    return " ".join(body.replace("\u00a0", " ").split())


def test_every_element_is_closed_where_it_was_opened(page: str) -> None:
    assert Reader(page).open == []


def test_nothing_on_the_page_runs_or_is_fetched(page: str) -> None:
    assert not {tag for tag, _, _ in Reader(page).seen} & {"script", "link", "img", "iframe"}
    assert not re.search(r"https?:|@import|\bsrc=|url\((?!#)", page)
    assert "default-src &#x27;none&#x27;" in page


def test_headings_follow_one_another_without_a_gap(page: str) -> None:
    levels = [int(tag[1]) for tag, _, _ in Reader(page).all("h1", "h2", "h3", "h4")]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_names_of_places_are_given_once_and_lead_somewhere(page: str) -> None:
    seen = Reader(page).seen
    names = [of["id"] for _, of, _ in seen if "id" in of]
    assert len(names) == len(set(names))
    led = [(of.get("aria-labelledby") or "").split() for _, of, _ in seen]
    led += [[(of.get("href") or "#main").removeprefix("#")] for _, of, _ in seen]
    assert {name for some in led for name in some} <= set(names)


def test_every_picture_is_told_in_words_and_has_its_table(page: str) -> None:
    reader = Reader(page)
    pictures = reader.all("svg")
    assert len(pictures) == 6
    assert all(of["role"] == "img" for _, of, _ in pictures)
    assert len(reader.all("desc")) == len(pictures)
    figures = re.findall(r"<figure[^>]*>.*?</figure>", page, re.S)
    assert len(figures) == len(pictures)
    assert all("<figcaption>" in figure and "<table>" in figure for figure in figures)


def test_every_table_names_itself_its_columns_and_its_rows(page: str) -> None:
    for table in re.findall(r"<table>.*?</table>", page, re.S):
        assert table.count("<caption>") == 1
        rows = Reader(table).all("tr")
        heads = [of["scope"] for _, of, _ in Reader(table).all("th")]
        assert heads.count("row") == len(rows) - 1
        assert "col" in heads


def test_the_five_lines_say_how_many_how_much_and_what_is_proposed(page: str) -> None:
    said = words(page)
    assert "3 accounts behind at the end of 5 March 2026, of 3 people: 75% of all 4" in said
    assert "1 green, 1 yellow and 1 red" in said
    assert "EUR 700.00 past due" in said
    assert "1 contact proposed for 6 March 2026; 1 account held out" in said


def test_what_a_row_says_never_becomes_markup(tmp_path: Path) -> None:
    evil = "<script>alert(1)</script>"
    fast = behind(1, 90_00, 3, account_id=evil, speed_minor_per_day=5_00.0)
    page = written(tmp_path, accounts=[fast],
                   decided=[decision("A1", "none", treatment="none", reasons=evil)])  # fmt: skip
    assert "<script" not in page.lower()
    assert page.count("&lt;script&gt;alert(1)&lt;/script&gt;") == 2


def test_amounts_of_two_currencies_are_told_apart_and_never_added(tmp_path: Path) -> None:
    dollars = behind(9, 7_77, 5, currency="USD")
    page = words(written(tmp_path, accounts=[*ACCOUNTS, dollars], decided=DECIDED,
                         cohorts=(cohort(), cohort("USD", status="fixed"))))  # fmt: skip
    assert "EUR 700.00 past due" in page
    assert "USD 7.77 past due" in page
    assert "707.77" not in page


@pytest.mark.parametrize("status", ["learnt", "flat", "too_few", "fixed"])
def test_the_page_says_where_thresholds_come_from(tmp_path: Path, status: Any) -> None:
    page = words(written(tmp_path, cohorts=(cohort(status=status, warnings=("Not monotone",)),)))
    assert f"{status.replace('_', ' ').capitalize()}: " in page
    assert "Keep in mind. Not monotone" in page


def test_a_night_in_which_nobody_is_behind_has_a_page(tmp_path: Path) -> None:
    page = words(written(tmp_path, accounts=[{"account_no": 1, "account_id": "A1"}], decided=[]))
    assert "0 accounts behind" in page
    assert "0 contacts proposed" in page


def test_a_night_without_any_account_has_a_page(tmp_path: Path) -> None:
    page = words(written(tmp_path, accounts=[], decided=[],
                         cohorts=(cohort(n=0, curve=(), status="fixed"),)))  # fmt: skip
    assert "0 accounts behind" in page


def test_old_payments_are_a_warning_and_fresh_ones_are_not(tmp_path: Path) -> None:
    stale = words(written(tmp_path / "stale", paid_on=date(2026, 3, 1)))
    fresh = words(written(tmp_path / "fresh", paid_on=date(2026, 3, 4)))
    assert "Payments may be missing" in stale
    assert "The newest payment is of 1 March 2026, 4 days before 5 March 2026" in stale
    assert "Payments are up to date." in fresh


def test_the_same_night_gives_the_same_page_to_the_letter(tmp_path: Path) -> None:
    assert written(tmp_path / "one") == written(tmp_path / "two")


def test_without_a_night_there_is_no_page(tmp_path: Path) -> None:
    workspace = made_night(tmp_path / "ws", ACCOUNTS, DECIDED)
    with pytest.raises(StepMissing, match="no finished night"):
        write_report(workspace, date(2026, 3, 6), tmp_path / "report.html")
    assert not (tmp_path / "report.html").exists()
