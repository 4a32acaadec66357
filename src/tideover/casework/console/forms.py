"""The console's forms: few fields, in plain words; what is wrong stands beside the field."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from tideover.casework.cases.deeds import CARE, HOLD_REASONS, OUTCOMES
from tideover.casework.console.words import CHANNELS
from tideover.casework.outreach.confirming import MEANINGS
from tideover.casework.outreach.placing import REASONS
from tideover.rules.arrangement.offering import MOST_MONTHS
from tideover.terms import money
from tideover.terms.faults import Fault

LONGEST_NOTE = 4_000
HARDSHIP_TERMS = {"pause": "Nothing for now", "lower": "A lower amount",
                  "use_only": "New bills only, nothing of what is past due"}  # fmt: skip
HARDSHIP_NEXT = {
    "review": "It goes on until the next look", "graduated": "Back to ordinary terms",
    "ended": "Its time is over", "left": "The customer leaves it",
    "not_kept": "It was not kept, and we talked about it",
}  # fmt: skip


def _day(label: str, *, required: bool = True, help_text: str = "") -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=required, help_text=help_text, widget=widget)


def _words(label: str, *, required: bool = True, help_text: str = "") -> forms.CharField:
    return forms.CharField(label=label, required=required, help_text=help_text,
                           max_length=LONGEST_NOTE,
                           widget=forms.Textarea(attrs={"rows": 3}))  # fmt: skip


def _choice(label: str, choices: dict[str, str], *, first: str = "") -> forms.ChoiceField:
    """Return a list to choose from; without a first word the first choice is the one chosen."""
    empty = [("", first)] if first else []
    return forms.ChoiceField(label=label, choices=[*empty, *choices.items()])


def _agreed() -> forms.BooleanField:
    hint = "Ask; without it somebody asks within a fortnight"
    return forms.BooleanField(label="They agreed that we keep this", required=False, help_text=hint)


class AmountField(forms.CharField):
    """An amount of money as one types it; `currency` is set by the form that holds it."""

    currency = "EUR"

    def clean(self, value: Any) -> int | None:
        """Return whole minor units; none where nothing was typed and nothing need be."""
        text = str(super().clean(value) or "").strip()
        if not text:
            return None
        if text.count(",") == 1 and "." not in text:
            text = text.replace(",", ".")
        try:
            return money.minor(text, self.currency)
        except (Fault, ValueError):
            raise ValidationError("Type an amount like 120 or 120.50") from None


class CaseForm(forms.Form):
    """A form on a case. Field ids carry the form's name, since a page has several."""

    name = ""

    def __init__(self, *args: Any, currency: str = "EUR", **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": f"{self.name}-%s", "label_suffix": "", **kwargs})
        for field in self.fields.values():
            if isinstance(field, AmountField):
                field.currency = currency


class NoteForm(CaseForm):
    """Something to write down."""

    name = "note"
    text = _words("Note", help_text="Only what is needed. It is shown to the customer on request.")


class _WentForm(CaseForm):
    name = "call"
    outcome = _choice("How it went", OUTCOMES)
    text = _words("What was said", required=False)


class CallForm(_WentForm):
    """A call that was made or came in."""

    inbound = _choice("Who called", {"": "We called", "1": "The customer called"})
    field_order = ("inbound", "outcome", "text")

    inbound.required = False


class ListedCallForm(_WentForm):
    """A call that was made from the list; `of` is its message."""

    def __init__(self, *args: Any, of: int, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": f"call-{of}-%s", **kwargs})
        self.of = of


class PromiseForm(CaseForm):
    """A promise to pay."""

    name = "promise"
    amount = AmountField(label="Amount", widget=forms.TextInput(attrs={"inputmode": "decimal"}))
    due_on = _day("By")


class PlanForm(CaseForm):
    """What a plan is to be; empty it is what the policy holds out to customers."""

    name = "plan"
    payday = forms.IntegerField(label="Day of the month on which money comes in", required=False,
                                min_value=1, max_value=31)  # fmt: skip
    down = AmountField(label="What they pay at once", required=False,
                       widget=forms.TextInput(attrs={"inputmode": "decimal"}))  # fmt: skip
    most = AmountField(label="What they can put aside a month", required=False,
                       help_text="Ask first: a plan that cannot be carried helps nobody",
                       widget=forms.TextInput(attrs={"inputmode": "decimal"}))  # fmt: skip
    months = forms.IntegerField(label="Outside the policy: in so many months", required=False,
                                min_value=2, max_value=MOST_MONTHS)  # fmt: skip
    instalment = AmountField(label="Or: with so much a month", required=False,
                             widget=forms.TextInput(attrs={"inputmode": "decimal"}))  # fmt: skip
    reason = _words("Why outside the policy", required=False)

    def clean(self) -> dict[str, Any]:
        """Ask for a reason where months or an amount are stated, and for one of the two."""
        said: dict[str, Any] = super().clean() or {}
        stated = [name for name in ("months", "instalment") if said.get(name)]
        if len(stated) == 2:
            self.add_error("instalment", "State months or an amount, not both")
        if said.get("instalment") is not None and said["instalment"] <= 0:
            self.add_error("instalment", "Type an amount above nothing")
        if stated and not said.get("reason"):
            self.add_error("reason", "A plan outside the policy needs a reason")
        return said


class PlanCancelForm(CaseForm):
    """Why a plan ends before its time."""

    name = "plan_cancel"
    reason = _words("Why")


class PlanSizeForm(CaseForm):
    """What a month's use is thought to cost now, of a plan that covers it."""

    name = "plan_size"
    amount = AmountField(label="A month's use", widget=forms.TextInput(
        attrs={"inputmode": "decimal"}))  # fmt: skip


class HoldForm(CaseForm):
    """A rest for outreach."""

    name = "hold"
    reason = _choice("Why", HOLD_REASONS)
    until_on = _day("Until and with", required=False, help_text="Empty: until it is released")


class CircumstanceForm(CaseForm):
    """Something that calls for care."""

    name = "circumstance"
    kind = _choice("What", dict(sorted(CARE.items(), key=lambda one: one[1])), first="Choose")
    ends_on = _day("Until and with", required=False, help_text="Empty: nobody knows")
    agreed = _agreed()


class CertificateForm(CaseForm):
    """A medical certificate that came in."""

    name = "certificate"
    until_on = _day("Its last day", required=False,
                    help_text="Empty: as long as the law of the place lets it protect")  # fmt: skip
    in_writing = forms.BooleanField(label="I saw it in writing", required=False)
    chronic = forms.BooleanField(label="It says that the illness is chronic", required=False)
    cannot_pay = forms.BooleanField(label="They showed that they cannot pay", required=False)
    agreed = _agreed()


class HardshipForm(CaseForm):
    """What somebody pays while they cannot pay."""

    name = "hardship"
    terms = _choice("What is agreed", HARDSHIP_TERMS, first="Choose")
    amount = AmountField(label="How much a month", required=False, help_text="Empty with a pause",
                         widget=forms.TextInput(attrs={"inputmode": "decimal"}))  # fmt: skip
    months = forms.IntegerField(label="For how many months", min_value=1, max_value=120)
    reason = _words("Why, where nothing noted is reason enough", required=False)


class HardshipNextForm(CaseForm):
    """What follows when an agreement is looked at again."""

    name = "hardship_next"
    then = _choice("What follows", HARDSHIP_NEXT, first="Choose")
    reason = _words("What came of the talk", required=False)


class OptOutForm(CaseForm):
    """The customer wants no more messages."""

    name = "opt_out"
    channel = _choice("Which messages", {"": "All messages", **CHANNELS})

    channel.required = False


class ReplyForm(CaseForm):
    """What a reply means."""

    name = "reply"
    meaning = _choice("It means", {key: one.label for key, one in MEANINGS.items()}, first="Choose")
    channel = _choice("If they want no more messages", {"": "All messages", **CHANNELS})
    amount = AmountField(label="If they will pay: how much", required=False,
                         widget=forms.TextInput(attrs={"inputmode": "decimal"}))  # fmt: skip
    due_on = _day("If they will pay: by", required=False)

    channel.required = False

    def clean(self) -> dict[str, Any]:
        """Ask for amount and day where the reply is a promise."""
        said: dict[str, Any] = super().clean() or {}
        if said.get("meaning") == "will_pay":
            for field in ("amount", "due_on"):
                if not said.get(field) and field not in self.errors:
                    self.add_error(field, "A promise needs an amount and a day")
            due_on = said.get("due_on")
            if isinstance(due_on, date) and due_on < timezone.localdate():
                self.add_error("due_on", "That day is over")
        return said


class WhoseForm(CaseForm):
    """The account that a reply is of."""

    name = "whose"
    account = forms.CharField(label="Account", max_length=200, help_text="Its whole id",
                              widget=forms.TextInput(attrs={"autocomplete": "off",
                                                            "spellcheck": "false"}))  # fmt: skip


class NobodysForm(CaseForm):
    """Why a reply is nobody's we know."""

    name = "nobodys"
    reason = _choice("Why", REASONS, first="Choose")


class ReasonForm(CaseForm):
    """Why something is done that stops or starts everything."""

    name = "reason"
    reason = forms.CharField(label="Why", max_length=200)


FORMS: dict[str, type[CaseForm]] = {
    form.name: form
    for form in (
        CallForm,
        PromiseForm,
        PlanForm,
        PlanSizeForm,
        PlanCancelForm,
        HoldForm,
        CircumstanceForm,
        CertificateForm,
        HardshipForm,
        HardshipNextForm,
        NoteForm,
        OptOutForm,
    )
}
TITLES = {
    "call": "Log a call", "promise": "Note a promise",
    "plan": "Make a plan", "plan_cancel": "Cancel the plan",
    "plan_size": "Size the plan again", "hold": "Let outreach rest",
    "circumstance": "Note what calls for care", "note": "Write a note",
    "certificate": "A medical certificate came in", "hardship": "Agree on hardship",
    "hardship_next": "Look at the hardship agreement again",
    "opt_out": "Wants no more messages",
}  # fmt: skip
