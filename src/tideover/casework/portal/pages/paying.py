"""To the bank and back: where a payment is made, and what is known of it."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe
from segno.helpers import make_epc_qr

from tideover.casework.outreach.content.values import Money
from tideover.casework.payments.codes import code_of
from tideover.casework.payments.contract import OPEN, NotReached
from tideover.casework.payments.methods import TRANSFER, Method, method
from tideover.casework.payments.models import Payment
from tideover.casework.payments.paying import Begun, Wanted, begin, looked_up
from tideover.casework.portal.frame import Setting, page, setting, visitor
from tideover.casework.portal.owing import owing
from tideover.terms.faults import Fault
from tideover.terms.money import text as decimal_text

EURO = "EUR"


@require_http_methods(["GET", "HEAD", "POST"])
def pay_go(request: HttpRequest) -> HttpResponseBase:
    """Show the way to the bank; where there is none yet, a press of the button makes it."""
    told = visitor(request).draft.get("done", {}).get("pay")
    if not told:
        return redirect("portal:pay")
    if request.method == "POST":
        try:
            _begun(request, told)
        except (Fault, NotReached):
            return page(request, "portal/plain.html", "pay_failed", status=409,
                        said=setting(request).speaker.lines("pay_failed.said"),
                        back=reverse("portal:pay"))  # fmt: skip
        return redirect("portal:pay_go")
    found = Payment.objects.filter(key=uuid.UUID(told["key"])).first()
    if found is not None and found.status != OPEN:  # somebody went back after they had paid
        return redirect("portal:pay_back")
    way = method(told["method"])
    stands = setting(request)
    shown: dict[str, Any] = {"amount": stands.money(told["amount_minor"]), "payment": found,
                             "way": way.names[stands.language]}  # fmt: skip
    if found is not None and way.by_reference:
        shown |= _transfer(stands, found) if way.kind == TRANSFER else _at_a_till(way, found)
    if way.code:
        shown["title"] = stands.speaker.say("pay_go.at_a_till")
    return page(request, "portal/pay_go.html", "pay_go", by_reference=way.by_reference,
                till=bool(way.code), back=reverse("portal:pay"), **shown)  # fmt: skip


def _begun(request: HttpRequest, told: dict[str, Any]) -> Begun:
    """Begin the payment of a form: pressed twice, it is one."""
    here = visitor(request)
    come_back = request.build_absolute_uri(reverse("portal:pay_back"))
    wanted = Wanted(here.account.pk, told["amount_minor"], told["method"], come_back,
                    uuid.UUID(told["key"]), setting(request).language)  # fmt: skip
    return begin(wanted, now=here.now)


def _transfer(stands: Setting, payment: Payment) -> dict[str, Any]:
    """Return what a transfer needs, and a code that a bank's app reads where there is one."""
    iban = stands.house.iban
    grouped = " ".join(iban[at : at + 4] for at in range(0, len(iban), 4))
    code = ""
    if iban and payment.currency == EURO:
        made = make_epc_qr(
            name=stands.utility.name, iban=iban, reference=payment.reference,
            amount=Decimal(decimal_text(payment.amount_minor, payment.currency)),
        )  # fmt: skip
        code = made.svg_data_uri(scale=4, border=4)
    return {"iban": grouped, "reference": payment.reference, "code": code}


def _at_a_till(way: Method, payment: Payment) -> dict[str, Any]:
    """Return what is shown at a counter, and a code that its till reads."""
    return {"reference": payment.reference, "code": code_of(way.code, payment.reference)}


@require_safe
def pay_back(request: HttpRequest) -> HttpResponseBase:
    """Say what is known of a payment, for whoever comes back from the bank."""
    here = visitor(request)
    told = here.draft.get("done", {}).get("pay")
    found = Payment.objects.filter(key=uuid.UUID(told["key"])).first() if told else None
    if found is None:
        return redirect("portal:start")
    known = looked_up(found.pk, now=here.now)
    left = owing(here.account)
    stands, said = setting(request), setting(request).speaker
    amount = Money(known.amount_minor, known.currency)
    topic = f"pay_back.{known.status}"
    return page(
        request, "portal/pay_back.html", topic, title=said.say(f"{topic}.title", amount=amount),
        said=said.lines(f"{topic}.said", amount=amount), status_word=known.status,
        left=stands.money(left.all_minor) if left.all_minor else None, reference=known.reference,
    )  # fmt: skip
