"""What a reply means: the certain by rules, the rest as it was learnt; and who has to see it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from tideover.casework.outreach.replies.learning import Guess, Learnt
from tideover.casework.outreach.replies.lists import (
    Example,
    Lists,
    shipped_examples,
    shipped_lists,
)
from tideover.casework.outreach.replies.meaning import shipped_meaning
from tideover.rules.replies.amounts import Amount
from tideover.rules.replies.risk import BEREAVEMENT
from tideover.rules.replies.spelling import own_words, plain, shortened, words_of

INTENTS = (
    "opt_out", "already_paid", "will_pay", "cannot_pay", "lost_job", "ill", "bereaved", "dispute",
    "wrong_person", "moved", "wants_call", "wants_plan", "abusive", "at_risk", "thanks", "other",
)  # fmt: skip
OPT_OUT, AT_RISK, BEREAVED, THANKS = "opt_out", "at_risk", "bereaved", "thanks"
WILL_PAY, CANNOT_PAY = "will_pay", "cannot_pay"
# Short thanks, in a word that says so, want nothing: with an opt-out by rule, the only replies that
# nobody has to see.
_THANKS_WORDS = 4
SURE = 0.5  # a reading less likely than this is for a person
CERTAIN = 1.0
# From here on a person reads a reply before all others: to read one in vain costs seconds.
PERHAPS_IN_DANGER = 0.08
# Customers write less like our made-up examples than these are like each other.
CAUTION = 1.6
_TRAITS_PAIRED = 12  # of more, a text is no short reply, and the pairs grow by the square


class Received(NamedTuple):
    """A reply as it came.

    Args:
        on: The day it was received, which `tomorrow` is a day after.
        lang: Its language where the channel or the customer says; else it is told by its words.
        payday: The day of the month on which the customer is paid, where known.
    """

    text: str
    on: date
    lang: str | None = None
    payday: int | None = None


@dataclass(frozen=True)
class Reply:
    """A reply as it was understood. It proposes; what changes money or status, a person confirms.

    Args:
        intent: One of `INTENTS`, or a label that was learnt.
        confidence: From 0 to 1, calibrated; 1 where a rule decides.
        opt_out: They want no more messages: to be honoured at once, whatever else they say.
        comes_back: They want messages again.
        to_person: A person has to read it; `why` says why.
        first: A person has to read it before everything else.
        risks: Kinds of risk (`rules.replies.risk.KINDS`), the gravest first.
        promise_on: The day they say they will pay: a promise proposed, not made.
        amount: The sum they name.
        also: What else they say beside the opt-out.
        lang: Its language, or None where its words do not tell.
        sentiment: From -1 to 1.
    """

    intent: str
    confidence: float
    opt_out: bool
    comes_back: bool
    to_person: bool
    first: bool
    why: tuple[str, ...]
    risks: tuple[str, ...]
    promise_on: date | None
    amount: Amount | None
    also: str | None
    lang: str | None
    sentiment: float


class Understanding:
    """Understands replies, by lists of words and by what was learnt.

    Args:
        lists: What is certain.
        learnt: What is likely.
        ours: The labels are `INTENTS`, so that rules may override them; else they stand.
    """

    def __init__(self, lists: Lists, learnt: Learnt, *, ours: bool) -> None:
        self._lists, self._learnt, self._ours = lists, learnt, ours

    def of_all(self, received: Sequence[Received]) -> list[Reply]:
        """Return what each reply means; thousands at once cost little more than one."""
        own = [own_words(shortened(one.text)) for one in received]
        parts = [self._lists.silence.parts(text) for text in own]
        rests = [". ".join(rest) if asking else "" for asking, rest in parts]
        guesses = self._learnt.guesses([*own, *(rest for rest in rests if rest)])
        besides = iter(guesses[len(own) :])
        return [
            self._reply(
                one._replace(text=text), guess, bool(asking), next(besides) if rest else None
            )
            for one, text, guess, (asking, _), rest in zip(
                received, own, guesses, parts, rests, strict=False
            )
        ]

    def _reply(self, one: Received, guess: Guess, asked: bool, beside: Guess | None) -> Reply:
        lists = self._lists
        words = words_of(plain(one.text))
        lang = one.lang or lists.languages.of(words)
        risks = lists.risks.kinds(one.text)
        stated = lists.risks.come_first(risks)
        meant = self._meant(guess, asked=asked, risks=risks, first=stated) if self._ours else guess
        first = stated or guess.watched >= PERHAPS_IN_DANGER
        hinted = not asked and lists.silence.hinted(one.text)
        doubtful = self._ours and not asked and not hinted and guess.label == OPT_OUT
        # To stop for somebody who did not ask is mended by a word; not to stop for who did is not.
        opt_out = asked or doubtful
        also = beside.label if beside and self._ours and beside.confidence >= SURE else None
        also = None if also in (OPT_OUT, THANKS, "other") else also
        why = tuple(_why(meant, risks=risks, also=also, unsure=doubtful or hinted))
        if first and not stated:
            why = ("perhaps:at_risk", *why)
        if self._ours and not asked and not (meant.label == THANKS and self._thanks(words)):
            why = (*why, f"confirm:{meant.label}")
        return Reply(
            intent=meant.label, confidence=meant.confidence, opt_out=opt_out,
            comes_back=not opt_out and lists.silence.ended(one.text),
            to_person=bool(why), first=first, why=why, risks=risks,
            promise_on=self._promise(one, also or meant.label, lang),
            amount=lists.sums.named(one.text), also=also, lang=lang,
            sentiment=lists.feelings.of(words),
        )  # fmt: skip

    def _meant(self, guess: Guess, *, asked: bool, risks: Sequence[str], first: bool) -> Guess:
        """Return what a reply means where rules are certain, else what was learnt."""
        if first:
            return Guess(AT_RISK, CERTAIN)
        if asked:
            return Guess(OPT_OUT, CERTAIN)
        if BEREAVEMENT in risks and guess.label != BEREAVED and guess.confidence < SURE:
            return Guess(BEREAVED, SURE)
        return guess

    def _thanks(self, words: Sequence[str]) -> bool:
        """Return whether words are few and thank, so that nothing hides in them."""
        return len(words) <= _THANKS_WORDS and THANKS in self._lists.concepts.names(words)

    def _promise(self, one: Received, label: str, lang: str | None) -> date | None:
        days = self._lists.days
        if label == CANNOT_PAY and not days.puts_off(one.text, on=one.on, lang=lang):
            return None  # `I cannot pay on Friday` promises nothing
        if label not in (WILL_PAY, CANNOT_PAY):
            return None
        return days.promised(one.text, on=one.on, lang=lang, payday=one.payday)


def _why(meant: Guess, *, risks: Sequence[str], also: str | None, unsure: bool) -> list[str]:
    """Return why a person has to read a reply; nothing where nobody has to."""
    why = [f"risk:{kind}" for kind in risks]
    if meant.confidence < SURE:
        why.append("unsure")
    if also:
        why.append(f"also:{also}")
    if unsure:
        why.append("perhaps:opt_out")
    return why


def understand(text: str, *, on: date, lang: str | None = None) -> Reply:
    """Return what a reply means.

    Args:
        on: The day it was received.
        lang: Its language, where known.
    """
    return shipped_understanding().of_all([Received(text, on, lang)])[0]


@lru_cache(maxsize=1)
def shipped_understanding() -> Understanding:
    """Return the understanding that Tideover comes with; it is learnt when first asked for."""
    return Understanding(shipped_lists(), learnt_from(tuple(shipped_examples())), ours=True)


def taught(examples: Sequence[Example]) -> Understanding:
    """Return an understanding of other labels than ours, learnt from examples."""
    return Understanding(shipped_lists(), Learnt(examples, lambda words, read: []), ours=False)


def learnt_from(examples: Sequence[Example]) -> Learnt:
    """Return a reading of our own labels, which counts what words are about as well."""
    return Learnt(examples, traits_of, caution=CAUTION, watch=AT_RISK, meaning=shipped_meaning())


def traits_of(words: Sequence[str], read: str) -> list[str]:
    """Return what a reply is about, singly and in pairs, whatever its language."""
    lists = shipped_lists()
    found = sorted(set(lists.concepts.names(words)))[:_TRAITS_PAIRED]
    pairs = (f"{a}+{b}" for at, a in enumerate(found) for b in found[at + 1 :])
    signs = [f"risk:{kind}" for kind in lists.risks.kinds(read)]
    if "?" in read:
        signs.append("asked")
    if any(character.isdigit() for character in read):
        signs.append("figures")
    return [*found, *pairs, *signs]
