"""What the console does with the portal: sends a link to it, and shows the papers that came in."""

from __future__ import annotations

import base64

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from tideover.casework.access.scope import case_or_404
from tideover.casework.cases.models import Evidence
from tideover.casework.console.pages.frame import now
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
