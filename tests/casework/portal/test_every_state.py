"""Every page and state of the portal, read by axe: without script, in four languages, enlarged.

`make matrix` reads them all; `make test` a sample.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.casework import cast
from tests.casework.portal.phone import link, written_to
from tests.casework.portal.reader import Reader, come_in, faults
from tests.casework.portal.walking import OF_A_PLAN, WALKS, Look, Walk
from tideover.casework.cases.certifying import Said, receive
from tideover.casework.cases.deeds import Doing, note_circumstance
from tideover.casework.cases.ledger import record
from tideover.casework.payments import hardship
from tideover.casework.payments.arranging import agree, offers
from tideover.casework.payments.models import Arrangement, Payment, PlannedInstalment
from tideover.casework.portal.models import Visit

pytestmark = pytest.mark.django_db(transaction=True)
LANGUAGES = ("en", "nl", "es", "fr")
ENLARGED = {"width": 320, "height": 256}  # 1280 by 1024 at 400 %
PAGES = ("", "help/", "help/programmes/", "help/papers/", "help/told/", "disagree/", "messages/",
         "usage/", "preferences/", "check/", "again/", "about/", "stop/", "not-me/", "plan/mine/",
         "shared/", "ask/")  # fmt: skip
SENT_EMPTY = ("check/", "again/", "stop/", "not-me/", "help/papers/")
SAMPLE = (Walk("plan", {"how": "budget"}), Walk("hardship"))


@pytest.fixture
def phone(phones: Callable[..., Reader]) -> Reader:
    """Return a phone on which axe can run; the pages have no script of their own."""
    return phones(script=True)


class Axe:
    """Reads each state once, and keeps what it finds wrong."""

    def __init__(self, reader: Reader) -> None:
        self.reader, self.wrong, self.read = reader, dict[str, list[str]](), 0

    def __call__(self, state: str) -> None:
        """Read the page that is shown."""
        self.read += 1
        if found := faults(self.reader.page):
            self.wrong[state] = found


def speaking(reader: Reader, language: str) -> Reader:
    """Have a browser prefer a language from now on."""
    return reader.open(f"/my/check/?lang={language}")


def coming_in(reader: Reader, look: Look) -> None:
    """Look at what is shown before anybody is inside, right and wrong."""
    look(f"no visit {reader.open('/my/welcome/').where}")
    look(f"no link {reader.open('/p/AAAAAAAAAAAAAAAAAAAAAA').where}")
    for path in ("/my/check/", "/my/again/"):
        look(f"{reader.open(path).go_on().where} sent empty")
    look(f"{reader.open('/my/check/').write('code', 'AAAA-AAAA').where} not ours")
    sent = written_to(cast.neighbour(), check_code="7Q2M-4XPD")
    look(f"{reader.open('/my/check/').write('code', '7Q2M-4XPD').where} ours")
    look(f"{reader.open(link(sent)).where} asked")
    for by in ("birth_year", "number_end"):
        look(f"{reader.open(f'/my/welcome/?by={by}').where} {by}")
    look(f"{reader.open(link(sent)).go_on().where} sent empty")
    look(f"{reader.write('answer', '1000 AA').where} wrong")


def inside(reader: Reader, look: Look) -> None:
    """Look at every page of somebody who is in, and at its forms sent empty."""
    for path in PAGES:
        look(reader.open(f"/my/{path}").where)
    for path in SENT_EMPTY:
        look(f"{reader.open(f'/my/{path}').go_on().where} sent empty")
    for walk in WALKS:
        walk.through(reader, look)
        if Arrangement.objects.filter(ended_at=None).exists():
            PlannedInstalment.objects.all().delete()
            Arrangement.objects.all().delete()
    look(f"{reader.open('/my/pay/go/').where} begun")


def at_the_bank(reader: Reader, look: Look) -> None:
    """Look at what is said to whoever comes back, paid or not."""
    seen: list[str] = []
    for deed in ("fail", "leave", "expire", "pay"):
        reader.open("/my/pay/").choose("due").choose("ideal").go_on()
        look(f"{reader.open('/my/pay/back/').where} open")
        payment = Payment.objects.exclude(pk__in=seen).get()
        seen.append(payment.pk)
        reader.open(payment.url)
        look("the sandbox bank")
        reader.page.locator(f"button[value='{deed}']").click()
        look(f"{reader.where} {deed}")


def of_a_plan(reader: Reader, look: Look) -> None:
    """Look at the pages of a plan that runs and was broken, and at all that changes it."""
    held_out = next(o for o in offers("A-payer", cast.NOW).offers if o.plan.months == 3)
    plan = agree(held_out.offer_id, by="customer", now=cast.NOW)
    look(f"{reader.open('/my/').where} plan")
    for walk in OF_A_PLAN:
        walk.through(reader, look)
        look(f"{reader.open('/my/plan/mine/').where} {walk.chosen}")
    Arrangement.objects.filter(pk=plan.pk).update(ended_at=cast.NOW, how="broken")
    for path in ("/my/", "/my/plan/mine/"):
        look(f"{reader.open(path).where} broken")


def paid_off(reader: Reader, look: Look) -> None:
    """Look at what is left when nothing is."""
    record("A-payer", "paid", at=cast.NOW - timedelta(minutes=1), by="payments",
           facts={"amount_minor": 90_000})  # fmt: skip
    for path in ("/my/", "/my/pay/", "/my/plan/"):
        look(f"{reader.open(path).where} nothing owed")
    reader.page.locator("footer form button").click()
    look("signed out")


def told_in_trust(reader: Reader, look: Look) -> None:
    """Look at what was told in trust, and at taking it back."""
    doing = Doing("A-payer", "customer", cast.NOW)
    for kind in ("hardship", "disability", "domestic_abuse"):
        note_circumstance(doing, kind, starts_on=cast.TODAY, source="portal")
    receive(doing, Said())
    hardship.agree(doing, hardship.Wanted("lower", 2_000, 6))
    Visit.objects.update(proved_at=cast.NOW)
    for path in ("/my/help/told/", "/my/take_back/"):
        look(reader.open(path).where)
        assert "/code/" not in reader.page.url


PARTS: dict[str, Callable[[Reader, Look], None]] = {
    "inside": inside, "bank": at_the_bank, "plan": of_a_plan, "nothing": paid_off,
    "trust": told_in_trust}  # fmt: skip


@pytest.mark.parametrize("walk", SAMPLE, ids=lambda walk: walk.journey)
def test_a_journey_has_no_fault_that_axe_knows_from_its_first_question_to_its_end(
    phone: Reader, walk: Walk
) -> None:
    look = Axe(phone)
    come_in(speaking(phone, "nl"))
    walk.through(phone, look)
    assert look.wrong == {}
    assert look.read > 5


@pytest.mark.matrix
@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_that_is_shown_before_somebody_is_inside_has_a_fault(
    phone: Reader, language: str
) -> None:
    look = Axe(phone)
    coming_in(speaking(phone, language), look)
    assert look.wrong == {}


@pytest.mark.matrix
@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("language", [*LANGUAGES, "enlarged"])
def test_no_state_has_a_fault_that_axe_knows(phone: Reader, language: str, part: str) -> None:
    if language == "enlarged":
        phone.page.set_viewport_size(ENLARGED)
    look = Axe(phone)
    come_in(speaking(phone, "fr" if language == "enlarged" else language))  # French is longest
    PARTS[part](phone, look)
    assert look.wrong == {}
    assert look.read > 1
