"""The address of List-Unsubscribe: a mail program's one click (RFC 8058), or a person's press."""

from __future__ import annotations

from datetime import UTC, datetime

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from tideover.casework.cases.ledger import lock
from tideover.casework.outreach.inbox.linking import everyone_at
from tideover.casework.outreach.inbox.stopping import opt_out_all
from tideover.casework.outreach.models import Message
from tideover.casework.outreach.replying import key_of

_PAGE = (
    '<!doctype html><html lang="{language}"><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width"><meta name="robots" content="noindex">'
    "<title>{words}</title><body><h1>{words}</h1>{rest}</body></html>"
)
_PRESS = '<form method="post"><button>{press}</button></form>'
_WORDS = {
    "en": ("Stop these e-mails?", "Stop them", "You will get no more of these e-mails."),
    "nl": ("Deze e-mails stoppen?", "Stop ze", "U krijgt deze e-mails niet meer."),
    "es": ("¿Dejar de recibir estos correos?", "Dejar de recibirlos",
           "No recibirá más correos como este."),
    "fr": ("Ne plus recevoir ces e-mails ?", "Ne plus les recevoir",
           "Vous ne recevrez plus ces e-mails."),
}  # fmt: skip


@csrf_exempt  # the token is the right to do it. nosemgrep: a-form-without-its-token
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Stop the e-mails to whoever a message was for; only a POST changes anything."""
    key = key_of(token)
    message = Message.objects.filter(key=key).first() if key else None
    if message is None:
        return HttpResponse("unknown", status=404, content_type="text/plain")
    ask, press, done = _WORDS.get(message.language[:2], _WORDS["en"])
    if request.method != "POST":
        return _page(message.language[:2], ask, _PRESS.format(press=press))
    with transaction.atomic():
        sharing = sorted(one.pk for one in everyone_at(message))
        for account_id in sharing:
            lock(account_id)
        opt_out_all(sharing, message.channel, at=datetime.now(UTC), via="unsubscribe")
    return _page(message.language[:2], done, "")


def _page(language: str, words: str, rest: str) -> HttpResponse:
    # no word of these comes from outside: the language is one of ours
    shown = language if language in _WORDS else "en"
    response = HttpResponse(_PAGE.format(language=shown, words=words, rest=rest))
    response["Referrer-Policy"] = "no-referrer"
    response["Cache-Control"] = "no-store"
    return response
