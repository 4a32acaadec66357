"""Texts and strategies, each approved by a second person."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from tideover.casework.console import strategies as shelf
from tideover.casework.console.forms import ReasonForm
from tideover.casework.console.models import StrategyApproval
from tideover.casework.console.pages.frame import name_of, now, telling
from tideover.casework.console.textfile import text_page
from tideover.casework.outreach.approving import (
    approve_text,
    edited,
    propose_texts,
    standing_in_the_way,
)
from tideover.casework.outreach.models import TextVersion


@require_safe
def texts(request: HttpRequest) -> HttpResponse:
    """Show the versions of texts, those first that nobody approved."""
    versions = TextVersion.objects.order_by("approved_at", "name", "-number")
    waiting = versions.filter(approver="")
    context = {"waiting": waiting, "approved": versions.exclude(approver="")[:200],
               "edited": sorted(edited().items())}  # fmt: skip
    return render(request, "console/texts.html", context)


@require_safe
def text(request: HttpRequest, text_id: int) -> HttpResponse:
    """Show one version of a text."""
    version = get_object_or_404(TextVersion, pk=text_id)
    before = TextVersion.objects.filter(name__startswith=f"{version.text}@",
                                        number__lt=version.number)  # fmt: skip
    context = {
        "version": version, "former": before.order_by("-number").first(),
        "objections": standing_in_the_way(version), "own": version.author == name_of(request),
        **text_page(version),
    }  # fmt: skip
    return render(request, "console/text.html", context)


@require_POST
def texts_propose(request: HttpRequest) -> HttpResponse:
    """Lay edited texts before a second person, as one's own words."""
    with telling(request, "The texts are laid out. Somebody else approves them."):
        propose_texts(request.POST.getlist("name"), by=name_of(request))
    return redirect("console:texts")


@require_POST
def text_approve(request: HttpRequest, text_id: int) -> HttpResponse:
    """Approve a version of a text."""
    version = get_object_or_404(TextVersion, pk=text_id)
    with telling(request, "The text is approved."):
        approve_text(version.pk, by=name_of(request), at=now())
    return redirect("console:text", version.pk)


@require_safe
def strategies(request: HttpRequest) -> HttpResponse:
    """Show what is worked on, what was proposed, and what was published."""
    return _strategies(request, ReasonForm())


def _strategies(request: HttpRequest, form: ReasonForm) -> HttpResponse:
    copy = shelf.working_copy()
    context = {
        "copy": copy, "form": form, "published": shelf.published(), "me": name_of(request),
        "proposals": StrategyApproval.objects.order_by("-proposed_at", "-pk")[:50],
        "proposed": bool(copy and StrategyApproval.objects.filter(digest=copy.digest).exists()),
    }  # fmt: skip
    status = 422 if form.errors else 200
    return render(request, "console/strategies.html", context, status=status)


@require_POST
def strategy_propose(request: HttpRequest) -> HttpResponse:
    """Propose the working copy as it stands."""
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _strategies(request, form)
    with telling(request, "The strategy is proposed. Somebody else approves it."):
        shelf.propose(by=name_of(request), why=form.cleaned_data["reason"])
    return redirect("console:strategies")


@require_POST
def strategy_approve(request: HttpRequest, proposal_id: int) -> HttpResponse:
    """Approve what somebody else proposed."""
    proposal = get_object_or_404(StrategyApproval, pk=proposal_id)
    with telling(request, "The strategy is approved."):
        shelf.approve(proposal.pk, by=name_of(request), at=now())
    return redirect("console:strategies")
