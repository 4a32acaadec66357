"""What the console does with the portal: sends a link, shows papers, says how far a referral is."""

from __future__ import annotations

import base64

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from tideover.casework.access.scope import case_or_404
from tideover.casework.cases.models import Evidence
from tideover.casework.cases.referring import advance
from tideover.casework.console.pages.frame import doing, now, telling
from tideover.casework.outreach.portal_mail import LINK, reachable, send

TYPES = {"pdf": "application/pdf", "jpeg": "image/jpeg", "png": "image/png"}


@require_POST
def send_link(request: HttpRequest, case_id: int, of: str) -> HttpResponse:
    """Send a customer a link to the portal, at an address on file."""
    account = case_or_404(request, case_id).account
    points = {point.pk: point for point in reachable(list(account.person.points.all()))}
    if of not in points:
        raise Http404
    send(LINK, account.pk, points[of], at=now())
    messages.success(request, "A link is on its way.")
    return redirect("console:case", case_id)


@require_safe
def paper(request: HttpRequest, case_id: int, of: int) -> HttpResponse:
    """Give a paper that a customer sent, as a file to keep apart from pages."""
    account = case_or_404(request, case_id).account
    found = Evidence.objects.filter(pk=of, request__account=account).first()
    if found is None or not found.content:
        raise Http404
    response = HttpResponse(base64.b64decode(found.content), content_type=TYPES[found.kind])
    response["Content-Disposition"] = f'attachment; filename="paper-{found.pk}.{found.kind}"'
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


@require_POST
def referral_step(request: HttpRequest, case_id: int, of: int) -> HttpResponse:
    """Say that somebody who was handed on went a step further, or how it ended."""
    account = case_or_404(request, case_id).account
    step, outcome = request.POST.get("step", ""), request.POST.get("outcome", "")
    with telling(request, "It is noted."):
        advance(doing(request, account.pk), of, step, outcome)
    return redirect("console:case", case_id)
