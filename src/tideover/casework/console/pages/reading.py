"""Pages to read: the nights' reports, the local mailbox, and who looked at whom."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from csp.decorators import csp_replace
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tideover.casework import place
from tideover.casework.access.models import Look
from tideover.casework.access.scope import accounts_of, areas_of, look
from tideover.casework.cases.models import Account
from tideover.casework.console.exports import as_csv
from tideover.casework.console.pages.frame import visitor
from tideover.casework.outreach import mailbox as box
from tideover.casework.outreach.models import Message

_NAME = re.compile(r"[\w][\w.-]{0,120}\.html")
_LINK = re.compile(r"https://[^/\s]+(/[ph]/[\w-]{22})")  # of the portal, in a message
LOOKS_A_PAGE, LOOKS_KEPT = 100, 10_000
# A document that we did not write as a page: it may show itself, and do nothing.
SEALED_OFF = {"default-src": ["'none'"], "script-src": ["'none'"], "img-src": ["data:"],
              "style-src": ["'unsafe-inline'"],
              "sandbox": [], "frame-ancestors": ["'none'"], "form-action": ["'none'"],
              "base-uri": ["'none'"]}  # fmt: skip


def _folder() -> Path:
    return place.workspace() / "reports"


@require_safe
def reports(request: HttpRequest) -> HttpResponse:
    """List the reports of the nights, newest first."""
    found = [path for path in _folder().glob("*.html") if _NAME.fullmatch(path.name)]
    rows = [(path.name, datetime.fromtimestamp(path.stat().st_mtime, UTC)) for path in found]
    return render(request, "console/reports.html", {"reports": sorted(rows, reverse=True)})


@require_safe
@csp_replace(SEALED_OFF)  # type: ignore[untyped-decorator]
def report(request: HttpRequest, name: str) -> HttpResponse:
    """Show one report as it was written; nothing in it can run."""
    path = _folder() / name
    if not _NAME.fullmatch(name) or not path.is_file():
        raise Http404
    return HttpResponse(path.read_bytes(), content_type="text/html; charset=utf-8")


@require_safe
def mailbox(request: HttpRequest) -> HttpResponse:
    """List what arrived in the local mailbox; addresses and texts are a page further."""
    return render(request, "console/mailbox.html", {"found": _visible(request, box.newest())})


def _visible(request: HttpRequest, found: list[box.Kept]) -> list[box.Kept]:
    """Return the messages that are for accounts the visitor may see."""
    if areas_of(visitor(request)) is None:
        return found
    keys = {UUID(one.key) for one in found if _is_key(one.key)}
    mine = Message.objects.filter(key__in=keys, account__in=accounts_of(visitor(request)))
    ours = set(mine.values_list("key", flat=True))
    return [one for one in found if _is_key(one.key) and UUID(one.key) in ours]


def _is_key(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _delivered(request: HttpRequest, key: str) -> box.Kept:
    """Return a message of the mailbox, and note that it was read."""
    found = box.delivered(key)
    if found is None:
        raise Http404
    look(request, _account(key))
    return found


def _account(key: str) -> Account | None:
    if not _is_key(key):
        return None
    message = Message.objects.select_related("account").filter(key=UUID(key)).first()
    return message.account if message else None


@require_safe
def mailbox_message(request: HttpRequest, key: str) -> HttpResponse:
    """Show one message as text."""
    one = _delivered(request, key)
    links = sorted(set(_LINK.findall(one.text)))
    found = {"one": one, "enclosed": box.enclosed(key), "links": links}
    return render(request, "console/mailbox_message.html", found)


@require_safe
def mailbox_enclosed(request: HttpRequest, key: str) -> HttpResponse:
    """Show the letter that came with a message."""
    found = box.enclosed(_delivered(request, key).key)
    if not found or found[0].suffix != ".pdf":
        raise Http404
    said = HttpResponse(found[0].read_bytes(), content_type="application/pdf")
    said["Content-Disposition"] = 'inline; filename="letter.pdf"'
    return said


@require_safe
@csp_replace(SEALED_OFF)  # type: ignore[untyped-decorator]
def mailbox_html(request: HttpRequest, key: str) -> HttpResponse:
    """Show one message as a mail reader would; nothing in it can run or load."""
    return HttpResponse(_delivered(request, key).html, content_type="text/html; charset=utf-8")


@require_safe
def looks(request: HttpRequest) -> HttpResponse:
    """Show who looked at whom, newest first."""
    pages = Paginator(_looks(request), LOOKS_A_PAGE)
    context = {"page": pages.get_page(request.GET.get("page")), "wanted": _wanted(request)}
    return render(request, "console/looks.html", context)


def _wanted(request: HttpRequest) -> str:
    return request.GET.get("about", "").strip()


def _looks(request: HttpRequest) -> list[Look]:
    wanted, rows = _wanted(request), Look.objects.order_by("-at", "-pk")
    if wanted:
        rows = (rows.filter(by=wanted) | rows.filter(account_id=wanted)
                | rows.filter(customer_id=wanted))  # fmt: skip
    return list(rows[:LOOKS_KEPT])


@require_safe
def looks_csv(request: HttpRequest) -> HttpResponse:
    """Give who looked at whom as a table to keep."""
    rows = [(one.at, one.by, one.page, one.account_id, one.customer_id, one.refused)
            for one in _looks(request)]  # fmt: skip
    header = ("at", "by", "page", "account", "customer", "refused")
    return as_csv("who-looked", header, rows)
