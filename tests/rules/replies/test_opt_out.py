"""Whoever asks for silence gets it, however they spell it; nobody else does."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tideover.casework.outreach.replies.lists import shipped_lists

SILENCE = shipped_lists().silence
ASKS = """
STOP|stop.|Stopp|STPO|ST0P|S T O P|S.T.O.P.|s-t-o-p|stooooop|sotp|stp
STOP!!!|Stop pls|STОP|S\u200bTOP|ＳＴＯＰ|🛑|unsubscribe|unsuscribe
Unsubcribe me|afmelden|Afmeldn|uitschrijven|uitschijven|geen berichten meer
baja|BAJA por favor|désabonner|desabonner|arrêter|ARRET|arretez|no más|стоп
توقف|退订|annulla|parar|abmelden|can you please stop|I said stop
STOP STOP STOP|stop it|please stop texting me|remove me from your list
I already paid this. STOP|keine nachrichten mehr|ne m'envoyez plus de sms
arrêtez de m'écrire|no me escriban mas|laat me met rust|don't text me
do not contact me|ik wil geen sms'jes meer|quiero darme de baja
stop met appen|opt-out|cancel|quit|end|Stop i paid already|meld me af
je ne veux plus de messages|STOP texting me, I paid the power bill
"""
ASKS_SOMETHING_ELSE = """
I cannot stop crying|please stop the disconnection|Don't stop my service
top|shop|cancer|step|stap|fin du mois|Stop the disconnection please
it wont stop raining|I had to stop working due to illness|hasta mañana
ik kan niet stoppen met huilen|no puedo parar de llorar
je n'arrête pas de pleurer|stop automatische incasso
quiero dar de baja el contrato de luz|baja médica|je suis en arrêt maladie
ik kan niet meer|ik heb geen geld meer|no tengo más dinero
je ne peux plus payer|plus de travail|nunca me llegó el mensaje
I will stop by your office Friday|please don't call me at work
ik ben gestopt met werken|cancel my debt|end of month|ya no vivo ahí
Reply STOP to opt out. I will pay Friday
J'ai payé|j ai paye|Payé|C'est payée|Je paie|je paye vendredi|tu paies
"""
SURE_WORDS = ("stop", "unsubscribe", "afmelden", "uitschrijven", "desabonner", "abbestellen")


def lines(text: str) -> list[str]:
    """Return the replies of a block."""
    return [one for line in text.strip().splitlines() for one in line.split("|")]


@pytest.mark.parametrize("text", lines(ASKS))
def test_who_asks_for_silence_is_heard(text: str) -> None:
    assert SILENCE.wanted(text)


@pytest.mark.parametrize("text", lines(ASKS_SOMETHING_ELSE))
def test_who_asks_for_something_else_is_not_silenced(text: str) -> None:
    assert not SILENCE.wanted(text)


@given(st.sampled_from(SURE_WORDS), st.integers(0, 12), st.sampled_from(" .!?-_*\u200b\u00ad"))
def test_a_word_of_silence_is_heard_through_case_and_clutter(
    word: str, at: int, clutter: str
) -> None:
    written = word[: at % len(word)] + word[at % len(word) :].upper()
    assert SILENCE.wanted(f"{clutter}{written}{clutter}")


@given(st.sampled_from(SURE_WORDS[1:]), st.integers(1, 9))
def test_two_letters_in_the_wrong_order_do_not_hide_it(word: str, at: int) -> None:
    at = 1 + at % (len(word) - 2)
    assert SILENCE.wanted(word[:at] + word[at + 1] + word[at] + word[at + 2 :])


@pytest.mark.parametrize("text", ["START", "unstop", "alta", "aanmelden", "you can text me again"])
def test_who_comes_back_is_heard_too(text: str) -> None:
    assert SILENCE.ended(text)
    assert not SILENCE.wanted(text)


def test_a_quoted_message_is_not_the_customers_word() -> None:
    assert not SILENCE.wanted("I paid.\n\nOn 3 March 2026 the utility wrote:\n> Say STOP to stop")
    assert not SILENCE.wanted("ok betaal ik\n> antwoord STOP")


def test_a_wish_with_a_condition_is_told_apart() -> None:
    assert SILENCE.hinted("please don't call me before 9")
    assert not SILENCE.hinted("please call me before 9")
