"""The lists of words that replies are read with, opened once."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import files as package_files
from typing import Any, NamedTuple

from tideover.rules.replies.amounts import Sums
from tideover.rules.replies.feeling import Feelings
from tideover.rules.replies.language import Languages
from tideover.rules.replies.opt_out import Silence
from tideover.rules.replies.phrases import Phrasebook
from tideover.rules.replies.promises import Days
from tideover.rules.replies.risk import Risks

_LISTS = package_files("tideover.rules").joinpath("replies")
_TRAINING = package_files(__package__).joinpath("training.tsv")


class Lists(NamedTuple):
    """Everything that is read off a reply by lists of words."""

    silence: Silence
    risks: Risks
    days: Days
    sums: Sums
    languages: Languages
    feelings: Feelings
    concepts: Phrasebook


class Example(NamedTuple):
    """A reply and what it means."""

    label: str
    text: str
    lang: str | None = None


@lru_cache(maxsize=1)
def shipped_lists() -> Lists:
    """Return the lists that Tideover comes with."""
    return Lists(
        Silence(_toml("opt_out")), Risks(_toml("risk")), Days(_toml("days")),
        Sums(_toml("amounts")), Languages(_toml("language")), Feelings(_toml("feeling")),
        Phrasebook(_toml("concepts")),
    )  # fmt: skip


def shipped_examples() -> Iterator[Example]:
    """Yield the replies that the reading is learnt from; every one is made up."""
    _, *lines = _TRAINING.read_text(encoding="utf-8").splitlines()
    for line in lines:
        label, lang, text = line.split("\t")
        yield Example(label, text, lang)


def _toml(name: str) -> dict[str, Any]:
    return tomllib.loads(_LISTS.joinpath(f"{name}.toml").read_text(encoding="utf-8"))
