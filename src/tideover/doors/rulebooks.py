"""The rulebooks that are shipped, and a workspace's own policy: files opened, texts handed down."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from importlib.resources import files as package_files
from pathlib import Path

from tideover.portfolio.workspace import Workspace
from tideover.rules.guard import vocabulary
from tideover.rules.guard.primitives import ACCEPTS
from tideover.rules.guard.verdict import Guard
from tideover.rules.guard.words import LANGUAGES, Words, parse_words
from tideover.rules.rulebook import Rulebook, parse_rulebook
from tideover.terms.faults import Refused, Usage

POLICY, RULES = "policy", "rules.toml"
SHIPPED = package_files("tideover.rules").joinpath("rulebooks")


def parsed(text: str, file: str) -> Rulebook:
    """Return the rulebook of a text, with the types of rules and actions there are."""
    return parse_rulebook(text, file, types=ACCEPTS, actions=tuple(vocabulary.ACTIONS))


@lru_cache(maxsize=1)
def law() -> tuple[Rulebook, ...]:
    """Return the shipped rulebooks of law, by the name of their place."""
    places = sorted(one.name for one in SHIPPED.iterdir() if one.joinpath(RULES).is_file())
    return tuple(_shipped(place) for place in places if place != POLICY)


@lru_cache(maxsize=1)
def shipped_policy() -> Rulebook:
    """Return the policy that a utility starts from."""
    return _shipped(POLICY)


def _shipped(place: str) -> Rulebook:
    text = SHIPPED.joinpath(place, RULES).read_text(encoding="utf-8")
    return parsed(text, f"{place}/{RULES}")


def opened(paths: Iterable[Path]) -> list[Rulebook]:
    """Return rulebooks from files.

    Raises:
        Refused: A file cannot be read as text.
    """
    found = []
    for path in paths:
        try:
            text = path.read_text(encoding="utf-8")
        except FileNotFoundError:
            raise Refused("There is no such file", where=str(path)) from None
        except UnicodeDecodeError:
            raise Refused("The file is not UTF-8 text", where=str(path)) from None
        found.append(parsed(text, path.name))
    return found


def guard_of(
    books: Sequence[Rulebook] | None = None, *, age_limit_days: int | None = None,
) -> Guard:  # fmt: skip
    """Return the guard of the shipped law, or of other rulebooks."""
    return Guard(law() if books is None else books, age_limit_days=age_limit_days)


def guard_for(workspace: Workspace) -> Guard:
    """Return the guard of a workspace: the law, the utility's policy, and what nobody can know.

    Raises:
        Refused: The workspace's own policy is no rulebook.
    """
    # An engine comes with it, which asking about the law alone does not need.
    from tideover.portfolio.situations.sources import nowhere

    settings = workspace.settings.guard
    own = workspace.root / settings.policy
    policy = opened([own])[0] if own.is_file() else shipped_policy()
    limit = settings.age_limit_days or None
    return Guard([*law(), policy], age_limit_days=limit, nowhere=nowhere())


@lru_cache(maxsize=len(LANGUAGES))
def shipped_words(lang: str) -> Words:
    """Return the words of the shipped rulebooks in a language.

    Raises:
        Usage: Nobody has put them into that language.
    """
    if lang not in LANGUAGES:
        mend = f"Languages are {', '.join(LANGUAGES)}"
        raise Usage(f"There are no words in {lang[:20]!r}", where="--lang", mend=mend)
    name = f"words.{lang}.toml"
    places = [one.joinpath(name) for one in sorted(SHIPPED.iterdir(), key=lambda one: one.name)]
    files = [SHIPPED.joinpath(name), *(one for one in places if one.is_file())]
    return parse_words([(str(file), file.read_text(encoding="utf-8")) for file in files], lang)
