"""Whether it helped to reach out, how sure that is, and the indicators of the last thirty days."""

from __future__ import annotations

from collections.abc import Iterator

from tideover.doors.findings.standing import BACK_DAYS, WINDOW_DAYS, Compared, Standing
from tideover.doors.report import blocks
from tideover.doors.report.markup import Html, el, joined
from tideover.doors.report.morning import Morning
from tideover.doors.report.pictures import Dot, shares_picture
from tideover.doors.report.pictures.drawing import Told
from tideover.doors.report.sections.touches import told_of
from tideover.doors.report.words import MINUS, amount, count, day, of_all, share
from tideover.portfolio.measures import Figure
from tideover.rules.looking import verdict

NAMES = {"paid_in_full": "Paid in full", "paid_anything": "Paid something", "cured": "Caught up"}
RATES = {"response_rate": "Paid something", "paid_in_full_rate": "Paid in full",
         "cure_rate": "Caught up", "roll_rate": "Debt grew older",
         "kept_promise_rate": "Promises kept", "arrangement_kept_rate": "Plans kept",
         "contact_rate": "Contacted", "right_party_contact_rate": "Answered or clicked",
         "retention_rate": "Still a customer"}  # fmt: skip
OTHERS = {"complaints_per_thousand": "Complained, per 1,000 contacts",
          "optouts_per_thousand": "Asked for silence, per 1,000 contacts",
          "net_promoter_score": "Would recommend us, from −100 to 100",
          "days_sales_outstanding": "Days sales outstanding", "contacts": "Contacts made",
          "inbound_calls": "Calls that came in", "notices": "Notices",
          "disconnections": "Disconnections", "reconnections": "Reconnections",
          "money_in_minor": "Money that came in", "contact_cost_minor": "Cost of contacts",
          "cost_per_account_minor": "Cost of contacts an account behind",
          "cost_per_money_in": "Cost of contacts per unit of money in"}  # fmt: skip

ANY_LOOK, ONE_LOOK = "95% interval, however often looked at", "Looked at once"


def inside(morning: Morning) -> Html:
    """Return the section's inside."""
    return joined(_answer(morning.standing), el("h3", "The last 30 days, everyone"),
                  _indicators(morning), told_of(morning.stories))  # fmt: skip


def _answer(found: Standing) -> Html:
    if found.next_on is not None:
        return el("p", el("strong", "It cannot be told yet. "), "To see what outreach added takes "
                  f"a night whose {WINDOW_DAYS} days are over: from {day(found.next_on)} on.",
                  class_="answer")  # fmt: skip
    best = found.compared["paid_in_full"]
    return joined(
        el("p", el("strong", f"{verdict(best.lift)} "), best.sentence, class_="answer"),
        _lost(found), _beside(found), el("p", *_counted(found)),
    )  # fmt: skip


def _lost(found: Standing) -> Html | list[Html]:
    if found.ratio is None or not found.ratio.alarm:
        return []
    return blocks.note(
        f"{count(found.ratio.held)} are held out where {found.ratio.expected:,.0f} were to be. "
        "Chance does that once in a thousand: something lost people from a group, or the share "
        "was changed in these days, and the difference is not to be believed."
    )


def _beside(found: Standing) -> Html:
    dots = [_dot(NAMES[name], each) for name, each in found.compared.items()]
    told = Told("helped", "Who did it within 30 days, and who would have anyway",
                " ".join(each.sentence for each in found.compared.values()))  # fmt: skip
    rows = [(NAMES[name], *cells(each)) for name, each in found.compared.items()]
    columns = ("Within 30 days", "To be contacted", "Held out", "Added", ANY_LOOK,
               ONE_LOOK)  # fmt: skip
    return blocks.figure(
        shares_picture(dots, told),
        how_to_read("contacted"),
        blocks.table("Response and what outreach added, in points of a hundred", columns, rows),
        stacked=True,
    )


def how_to_read(done: str) -> str:
    """Return what the dots and bands of a comparison mean.

    Args:
        done: What those of the full dots were to be.
    """
    return (
        f"Full dots: those who were to be {done}. Hollow dots: the hold-out, who show what would "
        "have happened anyway. Band: where the full dot may lie by chance, however often the page "
        "is read; when it covers the hollow dot, there may be no difference."
    )


def _dot(name: str, found: Compared) -> Dot:
    treated, held, lift = found.treated.share or 0.0, found.held.share or 0.0, found.lift
    if lift is None:
        return Dot(name, "too few to tell", treated, anyway=held)
    return Dot(name, f"{points(lift.at)} points ({points(lift.low)} to {points(lift.high)})",
               treated, held + lift.low, held + lift.high, held)  # fmt: skip


def cells(found: Compared) -> tuple[str, ...]:
    """Return a comparison as cells of a table: both shares, the difference and its intervals."""
    shares = [f"{share(group.share)} of {count(group.of)}" for group in (found.treated, found.held)]
    lift, once = found.lift, found.one_look
    if lift is None or once is None:
        return (*shares, "too few people", "too few people", "too few people")
    both = (f"{points(each.low)} to {points(each.high)}" for each in (lift, once))
    return (*shares, points(lift.at), *both)


def points(part: float) -> str:
    """Return a difference of shares in points of a hundred, with its sign.

    Examples:
        >>> points(0.062), points(0.0), points(-0.004)
        ('+6', '0', '0')
    """
    whole = round(part * 100)
    return f"+{whole}" if whole > 0 else f"{MINUS}{-whole}" if whole else "0"


def _counted(found: Standing) -> Iterator[str]:
    nights, reached = found.nights, found.reached
    span = day(nights[0]) if len(nights) == 1 else f"{day(nights[0])} to {day(nights[-1])}"
    yield (
        f"Of {count(len(nights), 'night')}, {span}, whose 30 days are over (at most {BACK_DAYS} "
        "days back). Each account counts once, the first time that a contact was to be proposed, "
        "and where chance put it: the hold-out was drawn from the same people, so the difference "
        "is what outreach did. "
    )
    seen = f"{count(reached)} ({of_all(reached, found.treated)})"
    yield f"A message is seen for {seen} of those who were to be contacted; the others count too."


def _indicators(morning: Morning) -> Html:
    alone = len({one.group for one in morning.figures}) == 1
    rates = [one for one in morning.figures if one.name in RATES and one.value is not None]
    if not rates:
        return el("p", "Fewer than ten accounts were behind: nothing is told of so few.")
    dots = [Dot(_named(RATES, one, alone), share(one.value), one.value or 0.0, one.low, one.high)
            for one in rates]  # fmt: skip
    told = Told("indicators", f"Shares over the 30 days up to {day(morning.known)}",
                "; ".join(f"{dot.name}: {dot.words}" for dot in dots))  # fmt: skip
    rows = [(_named(RATES, one, alone), share(one.value), _ends(one), count(one.n or 0))
            for one in rates]  # fmt: skip
    others = (one for one in morning.figures if one.name in OTHERS and one.value is not None)
    rows += [(_named(OTHERS, one, alone), _value(one, morning), _ends(one), count(one.n or 0))
             for one in others]  # fmt: skip
    numbers = blocks.table(f"Indicators of the 30 days up to {day(morning.known)}",
                           ("Indicator", "Value", "95% interval", "Of"), rows)  # fmt: skip
    caption = ("Of accounts behind 30 days ago, whoever they are and whatever was done. A response "
               "is not an effect: many would have paid anyway. Bands are 95% intervals. Every "
               "indicator by group: tideover measures.")  # fmt: skip
    return blocks.figure(shares_picture(dots, told), caption, numbers, rows=len(rows))


def _named(names: dict[str, str], one: Figure, alone: bool) -> str:
    return names[one.name] if alone else f"{names[one.name]}, {one.group.removeprefix('all, ')}"


def _value(one: Figure, morning: Morning) -> str:
    value = one.value or 0.0
    if one.name.endswith("_minor"):
        own = morning.results.workspace.settings.utility.currency
        return amount(round(value), one.group.removeprefix("all, ") if ", " in one.group else own)
    return f"{value:,.0f}" if one.low is None and value >= 100 else f"{value:,.3g}"


def _ends(one: Figure) -> str:
    if one.low is None or one.high is None:
        return "counted"
    if one.name in RATES:
        return f"{100 * one.low:.0f} to {100 * one.high:.0f}%"
    return f"{one.low:.3g} to {one.high:.3g}".replace("-", MINUS)
