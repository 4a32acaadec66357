"""One proposal with all that is known of it, and the moment at which it is judged."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from operator import itemgetter
from typing import Any
from zoneinfo import ZoneInfo

from tideover.rules.guard import vocabulary as said
from tideover.rules.guard.facts import (
    HOURS,
    RESTS,
    Flat,
    Unfit,
    defaults_of,
    entry_reader,
    flattener,
    kinds_of,
    offset_s,
    reader,
    refused,
    seconds_of,
    widened,
    written_offset_s,
    zone_of,
)

Happened = tuple[int, int, Flat]
Tells = Callable[[dict[str, Any]], tuple[str, Flat]]


class Event:
    """Something that happened: its instant, its facts, and its place among all events."""

    __slots__ = ("_local", "at", "facts", "order", "zone")

    def __init__(self, at: int, order: int, facts: Flat, zone: ZoneInfo) -> None:
        self.at, self.order, self.facts, self.zone = at, order, facts, zone
        self._local: datetime | None = None

    @property
    def local(self) -> datetime:
        """Return its local time at the customer's place."""
        if self._local is None:
            self._local = datetime.fromtimestamp(self.at, self.zone)
        return self._local

    @property
    def day(self) -> date:
        """Return its local date."""
        return self.local.date()


def tells_alike(names: tuple[str, ...], readers: Mapping[str, Callable[[Any], Flat]]) -> Tells:
    """Return what reads events that say these things, in this order, as their type and their facts.

    Events are much alike: in a portfolio a few hundred are nearly all there are, but for when they
    happened. So the checked facts of one that says the same as one before are shared. What is equal
    and not the same (1 and true) is told apart before; one with a number is always read.
    """
    yes = tuple(name for name in names if name in _YES)
    told = itemgetter("type", *(name for name in names if name not in _HEAD))
    seen: dict[Any, tuple[str, Flat]] = {}

    def anew(raw: dict[str, Any]) -> tuple[str, Flat]:
        return raw["type"], readers[raw["type"]](raw)

    def tells(raw: dict[str, Any]) -> tuple[str, Flat]:
        for name in yes:
            if raw[name] is not True and raw[name] is not False:
                return anew(raw)
        values = told(raw)
        try:
            return seen[values]
        except TypeError:  # a list among the values
            return anew(raw)
        except KeyError:
            if len(seen) >= MOST_SHAPES:
                seen.clear()
            seen[values] = found = anew(raw)
        return found

    return anew if _NUMBERS.intersection(names) else tells


class Scenario:
    """The facts of one proposal, read once; what happened is put in order once.

    Args:
        flat: Every fact by its path; defaults are filled in.
        happened: By type and in order of time: instant, place in the list, facts.
    """

    __slots__ = ("as_of", "flat", "happened", "holidays", "kept", "zone")

    def __init__(
        self, flat: Flat, zone: ZoneInfo, happened: Mapping[str, Sequence[Happened]]
    ) -> None:
        self.flat, self.happened, self.zone = flat, happened, zone
        self.as_of: int = flat["as_of"]
        self.holidays: frozenset[date] = frozenset(flat.get("context.public_holidays", ()))
        self.kept: dict[Any, Any] = {}

    def moment(self, at: int) -> Moment:
        """Return the moment at which it is judged."""
        return Moment(self, at)


class Moment:
    """An instant at which a proposal is judged, with its local date and time."""

    __slots__ = ("at", "day", "entry", "flat", "local", "scenario", "zone")

    def __init__(self, scenario: Scenario, at: int) -> None:
        self.scenario, self.at = scenario, at
        self.flat, self.zone = scenario.flat, scenario.zone
        self.local = datetime.fromtimestamp(at, scenario.zone)
        self.day = self.local.date()
        self.entry: Flat = {}


class Reading:
    """How proposals are read: the vocabulary, the known places, and facts declared by rulebooks.

    Args:
        places: The jurisdictions that rulebooks are there for.
        declared: Kinds of further facts, by path.

    Raises:
        Unfit: A declared fact is there already.
    """

    def __init__(self, places: Sequence[str], declared: Mapping[str, Any] | None = None) -> None:
        forms = {"customer": said.CUSTOMER, "debt": said.DEBT, "context": said.CONTEXT}
        actions = dict(said.ACTIONS)
        for path, kind in (declared or {}).items():
            root, *names = path.split(".")
            if root == "action" and names:
                actions = {n: widened(form, names, kind) for n, form in actions.items()}
            elif root in forms and names:
                forms[root] = widened(forms[root], names, kind)
            else:
                raise Unfit(f"{path} must begin with customer, debt, context or action")
        self.places = tuple(places)
        self._defaults: Flat = {}
        self.kinds: dict[str, Any] = {
            "service": said.SUPPLIES, "actor": said.ACTORS, "action.type": tuple(actions),
        }  # fmt: skip
        for root, form in forms.items():
            self._defaults |= defaults_of(form, root)
            self.kinds |= kinds_of(form, root)
        for form in actions.values():
            _merge(self.kinds, kinds_of(form, "action"))
        self.entry_kinds = {"medical_certificates": said.CUSTOMER.kinds["medical_certificates"][0]}
        self._of_actions = tuple(name for name in self.kinds if name.startswith("action"))
        self._objects = {root: flattener(form, root) for root, form in forms.items()}
        self._actions = {
            name: (flattener(form, "action", skip="type"), defaults_of(form, "action"))
            for name, form in actions.items()
        }
        self._events = {n: entry_reader(form, skip=_HEAD) for n, form in said.EVENTS.items()}
        self._likes: dict[tuple[str, ...], Tells] = {}
        self._heads = {
            "jurisdiction": reader(self.places), "actor": reader(said.ACTORS),
            "service": reader(said.SUPPLIES), "as_of": seconds_of, "timezone": reader(said.ZONE),
        }  # fmt: skip

    def scenario(self, facts: Mapping[str, Any]) -> Scenario:
        """Return a proposal from plain facts, shaped as the catalogue's scenarios are.

        Raises:
            Refused: A fact is unknown, missing, or of the wrong kind; it is named by its path.
        """
        flat = self._defaults.copy()
        for name, read in self._heads.items():
            if name not in facts:
                raise refused("It is missing", name)
            try:
                flat[name] = read(facts[name])
            except Unfit as why:
                raise refused(str(why), name) from None
        zone = zone_of(flat["timezone"])
        here = datetime.fromtimestamp(flat["as_of"], zone)
        if written_offset_s(facts["as_of"]) != offset_s(here):
            raise refused("its offset is not that of the time zone at that instant", "as_of")
        for name, read_object in self._objects.items():
            if name in facts:
                read_object(facts[name], flat)
        self._read_action(facts.get("action"), flat)
        if not _KNOWN.issuperset(facts):
            unknown = next(name for name in facts if name not in _KNOWN)
            raise refused("No such fact is known", str(unknown)[:60])
        return Scenario(flat, zone, self._history(facts.get("history")))

    def check(self, root: str, facts: Mapping[str, Any]) -> None:
        """See that facts are what they may be, as those of a proposal are.

        Args:
            root: `customer`, `debt` or `context`.

        Raises:
            Refused: One is unknown, missing, or of the wrong kind; it is named by its path.
        """
        self._objects[root](facts, {})

    def proposing(
        self, known: Scenario, action: Mapping[str, Any], *, at: int | None = None
    ) -> Scenario:
        """Return another action towards the same customer, at another instant if one is given.

        What is known and what happened is not read again: a night asks of many ways to reach one.

        Raises:
            Refused: A fact of the action is unknown, missing, or of the wrong kind.
        """
        flat = known.flat.copy()
        for name in self._of_actions:
            flat.pop(name, None)
        flat["as_of"] = known.as_of if at is None else at
        self._read_action(action, flat)
        return Scenario(flat, known.zone, known.happened)

    def _read_action(self, action: Any, flat: Flat) -> None:
        kind = action.get("type") if type(action) is dict else None
        found = self._actions.get(kind) if type(kind) is str else None
        if found is None:
            raise refused(f"it must be one of {', '.join(self._actions)}", "action.type")
        flat.update(found[1])
        flat["action.type"] = kind
        found[0](action, flat)
        if kind == "contact":
            flat.setdefault("action.debt_id", flat["debt.id"])

    def _history(self, history: Any) -> dict[str, list[Happened]]:
        if type(history) is not list or len(history) > MOST_EVENTS:
            raise refused(f"it must be a list of at most {MOST_EVENTS:,} events", "history")
        happened: dict[str, list[Happened]] = {name: [] for name in self._events}
        # `seconds_of`, written out: a call an event would be a tenth of the cost
        likes, hours, rests = self._likes, HOURS, RESTS
        for index, raw in enumerate(history):
            try:
                tells = likes.get(tuple(raw)) or self._like(raw)
                at = raw["at"]
                at_s = hours[at[:13]] + rests[at[13:]]
                kind, facts = tells(raw)
                happened[kind].append((at_s, index, facts))
            except Unfit as why:
                raise refused(str(why), f"history[{index}]") from None
            except (TypeError, KeyError):
                what = f"an event needs its instant, `at`, and a type, one of {', '.join(happened)}"
                raise refused(what, f"history[{index}]") from None
        for events in happened.values():
            events.sort()
        return happened

    def _like(self, raw: dict[str, Any]) -> Tells:
        """Return what reads events that say the same things as this one."""
        if len(self._likes) >= MOST_LIKES:
            self._likes.clear()
        found = self._likes[tuple(raw)] = tells_alike(tuple(raw), self._events)
        return found


_HEAD = frozenset(("type", "at"))
_YES, _NUMBERS = (
    frozenset(name for form in said.EVENTS.values() for name, kind in form.kinds.items()
              if kind == wanted)
    for wanted in (said.YES, said.NUMBER)
)  # fmt: skip
MOST_SHAPES, MOST_LIKES = 20_000, 1_000
MOST_EVENTS = 100_000
_KNOWN = frozenset((*said.SETTING, "customer", "debt", "context"))


def _merge(kinds: dict[str, Any], more: Mapping[str, Any]) -> None:
    """Add kinds; words of the same fact of two actions are put together."""
    for path, kind in more.items():
        old = kinds.get(path)
        if isinstance(old, tuple) and isinstance(kind, tuple):
            kinds[path] = (*old, *(word for word in kind if word not in old))
        else:
            kinds[path] = kind
