"""A phone without scripts: it opens links, reads pages, and presses buttons, as somebody would."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from django.test import Client

from tests.casework import cast
from tideover.casework.cases.models import Account, Case, ContactPoint, OpenDebit
from tideover.casework.outreach.links import code_of, lay_links, token_of
from tideover.casework.outreach.models import Message
from tideover.casework.portal.models import Code

_TAGS = re.compile(r"<(?:style|head).*?</(?:style|head)>|<[^>]+>", re.S)


@dataclass
class Phone:
    """A browser, and the page it shows."""

    client: Client = field(default_factory=Client)
    answer: Any = None

    def open(self, address: str) -> Phone:
        """Open an address and follow where it leads, as a browser does."""
        self.answer = self.client.get(address, follow=True)
        return self

    def send(self, address: str, /, **typed: Any) -> Phone:
        """Send a form and follow where it leads."""
        self.answer = self.client.post(address, typed, follow=True)
        return self

    def press(self, **typed: Any) -> Phone:
        """Send the form of the page that is shown, with what stands hidden in it."""
        form = re.search(r"<main.*?<form(.*?)</form>", self.page, re.S)
        assert form, self.text
        where = re.search(r'action="([^"]+)"', form[1].partition(">")[0])
        hidden = dict(re.findall(r'type="hidden" name="(?!csrf)([^"]+)" value="([^"]*)"', form[1]))
        typed = {**{name: html.unescape(value) for name, value in hidden.items()}, **typed}
        return self.send(where[1] if where else self.at, **typed)

    @property
    def page(self) -> str:
        """The page as it was sent."""
        return str(self.answer.content.decode())

    @property
    def text(self) -> str:
        """What one reads on it."""
        return " ".join(html.unescape(_TAGS.sub(" ", self.page)).replace("\u00a0", " ").split())

    @property
    def title(self) -> str:
        """Its first heading."""
        found = re.search(r"<h1>(.*?)</h1>", self.page, re.S)
        words = html.unescape(_TAGS.sub("", found[1])) if found else ""
        return words.replace("\u00a0", " ").replace("\u202f", " ").strip()

    @property
    def at(self) -> str:
        """The address of the page, without what follows a question mark."""
        chain = getattr(self.answer, "redirect_chain", [])
        return urlsplit(chain[-1][0]).path if chain else str(self.answer.request["PATH_INFO"])


def with_code(phone: Phone) -> Phone:
    """Have a code sent to the address on file, and type it."""
    assert phone.title == "A code, to be sure it is you"
    point = ContactPoint.objects.get()
    to = phone.answer.context["to"]
    phone.send("/my/code/send/", to=to, point=point.pk)
    return phone.press(code=code_of(Code.objects.get().message))


def bills(case: Case) -> None:
    """Give a case two open bills, as a night would."""
    for number, (due, amount) in enumerate(((-41, 12_050), (12, 2_950)), 1):
        OpenDebit.objects.create(
            account=case.account, debit_id=f"B{number}", issued_on=cast.days(due - 14),
            due_on=cast.days(due), amount_minor=amount, unpaid_minor=amount,
        )  # fmt: skip


def written_to(case: Case, **told: Any) -> Message:
    """Return a message that was sent to the customer of a case, whose link leads somewhere."""
    sent = cast.message(case, check_code=told.pop("check_code", "7Q2M-4XPD"), **told)
    lay_links([sent], cast.NOW)
    return sent


def link(message: Message, to: str = "p") -> str:
    """Return the address of a message's link."""
    return f"/{to}/{token_of(message)}"


def inside(case: Case | None = None, **told: Any) -> tuple[Phone, Account]:
    """Return a phone on which somebody answered the question of their link."""
    case = case or cast.payer()
    phone = Phone().open(link(written_to(case, **told)))
    phone.press(answer=case.account.person.postcode)
    return phone, case.account
