"""A workspace: the folder of one utility, its settings, and where everything in it lies."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field, fields
from datetime import date, time
from pathlib import Path
from typing import Any

from tideover.portfolio.choice_settings import CapacitySettings, ChoiceSettings, WhySettings
from tideover.terms.faults import StepMissing, Usage

SETTINGS_FILE = "tideover.toml"
ALWAYS, STAFFED, NEVER = SECOND_PERSON = ("always", "staffed", "never")


@dataclass(frozen=True)
class Utility:
    """Who this is: defaults for what an account does not say."""

    jurisdiction: str = "NL"
    currency: str = "EUR"
    timezone: str = "Europe/Amsterdam"


@dataclass(frozen=True)
class EngineSettings:
    """Where the work runs. `name` is `duckdb` or `spark`; memory is per engine."""

    name: str = "duckdb"
    threads: int = 2
    memory: str = "2GB"
    master: str = "local[2]"


@dataclass(frozen=True)
class LakeSettings:
    """How rows are stored. `buckets` 0 chooses at the first load, about 150,000 accounts each."""

    buckets: int = 0


@dataclass(frozen=True)
class ZoneSettings:
    """The utility's own fixed thresholds, used where the data say nothing; decimals of currency.

    Args:
        yellow_from, red_from: In the utility's own currency, and in no other.
        elsewhere: The two thresholds in each other currency it bills in.
    """

    yellow_from: str = "150.00"
    red_from: str = "400.00"
    elsewhere: dict[str, list[str]] = field(default_factory=dict)
    window_days: int = 30

    def own(self, currency: str) -> dict[str, list[str]]:
        """Return the thresholds by currency, of a utility with this currency of its own."""
        return {**self.elsewhere, currency: [self.yellow_from, self.red_from]}


@dataclass(frozen=True)
class ContactSettings:
    """When people may be contacted, in their own time; at most `cap` outbound in `cap_days`.

    Args:
        keep_days: A message that could not leave on its day may still leave so many days later.
    """

    opens: time = time(8)
    closes: time = time(20)
    cap: int = 2
    cap_days: int = 7
    keep_days: int = 1
    consent_needed: tuple[str, ...] = ("sms", "whatsapp", "voice")


@dataclass(frozen=True)
class GuardSettings:
    """How far the guard trusts its rulebooks, and where the utility's own policy lies.

    Args:
        age_limit_days: Past so many days since anybody vouched for it a rulebook denies; 0 is off.
        policy: A file of the workspace; the shipped policy holds where there is none.
    """

    age_limit_days: int = 400
    policy: str = "guard.toml"


@dataclass(frozen=True)
class StrategySettings:
    """When a strategy is published only once a second person approved it in the console.

    Args:
        second_person: `always`; `staffed`, as soon as two people have logins of whom one may
            propose and the other approve; or `never`.
    """

    second_person: str = STAFFED

    def __post_init__(self) -> None:
        if self.second_person not in SECOND_PERSON:
            raise Usage(f"second_person cannot be {self.second_person!r}",
                        where=f"{SETTINGS_FILE} [strategy]",
                        mend=f"One of {', '.join(SECOND_PERSON)}")  # fmt: skip


@dataclass(frozen=True)
class TrainingSettings:
    """How the past is sampled to learn from it."""

    months: int = 12
    sample_accounts: int = 60_000
    seed: int = 20260101


@dataclass(frozen=True)
class CostSettings:
    """What one contact costs by each channel; decimals of the utility's currency."""

    email: str = "0.01"
    sms: str = "0.08"
    whatsapp: str = "0.07"
    voice: str = "0.50"
    letter: str = "1.10"


@dataclass(frozen=True)
class SuccessSettings:
    """What is charged for a payment that followed a message; decimals of the utility's currency.

    Args:
        rule: `link`, `window` or `incremental`.
        window_days: Within which a payment that names no message counts as following one.
        fee, share: Of each payment; a fixed sum, and a part of it.
        cap_payment, cap_month: The most that is charged for a payment, in a month; 0 is none.
    """

    rule: str = "link"
    window_days: int = 30
    fee: str = "0.00"
    share: str = "0.00"
    cap_payment: str = "0.00"
    cap_month: str = "0.00"


@dataclass(frozen=True)
class Settings:
    """Everything in `tideover.toml`."""

    utility: Utility = field(default_factory=Utility)
    engine: EngineSettings = field(default_factory=EngineSettings)
    lake: LakeSettings = field(default_factory=LakeSettings)
    zones: ZoneSettings = field(default_factory=ZoneSettings)
    choice: ChoiceSettings = field(default_factory=ChoiceSettings)
    capacity: CapacitySettings = field(default_factory=CapacitySettings)
    why: WhySettings = field(default_factory=WhySettings)
    contact: ContactSettings = field(default_factory=ContactSettings)
    guard: GuardSettings = field(default_factory=GuardSettings)
    strategy: StrategySettings = field(default_factory=StrategySettings)
    training: TrainingSettings = field(default_factory=TrainingSettings)
    costs: CostSettings = field(default_factory=CostSettings)
    success: SuccessSettings = field(default_factory=SuccessSettings)


def parse_settings(text: str) -> Settings:
    """Return the settings a `tideover.toml` states; what it leaves out keeps its default.

    Raises:
        Usage: A section, a name, or a value's type is not known.

    Examples:
        >>> parse_settings('[choice]\\nholdout_share = 0.1').choice.holdout_share
        0.1
    """
    try:
        stated = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Usage(f"The settings are no TOML: {error}", where=SETTINGS_FILE) from None
    sections = {}
    for known in fields(Settings):
        cls = known.default_factory
        sections[known.name] = _section(cls, known.name, stated.pop(known.name, {}))
    if stated:
        raise Usage(
            f"Unknown section [{next(iter(stated))}]",
            where=SETTINGS_FILE,
            mend=f"Known are {', '.join(f.name for f in fields(Settings))}",
        )
    return Settings(**sections)


def _section(cls: Any, name: str, stated: dict[str, Any]) -> Any:
    default = cls()
    values = {}
    for key, value in stated.items():
        if not hasattr(default, key):
            raise Usage(
                f"Unknown setting {key}",
                where=f"{SETTINGS_FILE} [{name}]",
                mend=f"Known are {', '.join(f.name for f in fields(cls))}",
            )
        wanted = type(getattr(default, key))
        if wanted is tuple and isinstance(value, list):
            value = tuple(value)
        if wanted is float and isinstance(value, int):
            value = float(value)
        if not isinstance(value, wanted):
            raise Usage(
                f"{key} must be a {wanted.__name__}, not {value!r}",
                where=f"{SETTINGS_FILE} [{name}]",
            )
        values[key] = value
    return cls(**values)


@dataclass(frozen=True)
class Workspace:
    """The folder of one utility."""

    root: Path
    settings: Settings

    @classmethod
    def open(cls, root: Path) -> Workspace:
        """Open a workspace that `tideover init` made."""
        path = root / SETTINGS_FILE
        if not path.is_file():
            raise StepMissing(
                "This is no workspace yet",
                where=str(root),
                mend=f"Make it with: tideover init {root}",
            )
        return cls(root, parse_settings(path.read_text(encoding="utf-8")))

    @property
    def lake(self) -> Path:
        """Where the tables lie: opaque ids, no names, no addresses."""
        return self.root / "lake"

    @property
    def vault(self) -> Path:
        """Where identity lies: names, addresses, birth dates, what people wrote."""
        return self.root / "vault"

    @property
    def incoming(self) -> Path:
        """Where rows that came by the API wait for their load, a folder each."""
        return self.root / "incoming"

    @property
    def mapping(self) -> Path:
        """The utility's own column names, in ours."""
        return self.root / "mapping.toml"

    @property
    def strategy(self) -> Path:
        """The working copy of the strategy; the night applies it where none was published."""
        return self.root / "strategy"

    @property
    def strategies(self) -> Path:
        """The strategies that were published."""
        return self.root / "strategies"

    @property
    def campaigns(self) -> Path:
        """The campaigns that were planned, and who is in each arm."""
        return self.root / "campaigns"

    @property
    def experiments(self) -> Path:
        """The experiments that were planned, and who is in each arm."""
        return self.root / "experiments"

    @property
    def success(self) -> Path:
        """The success statements that were issued; they never change."""
        return self.root / "success"

    @property
    def models(self) -> Path:
        """Fitted zones and scores."""
        return self.root / "models"

    @property
    def scratch(self) -> Path:
        """Where unfinished work lies; may be deleted when nothing runs."""
        return self.root / ".scratch"

    def night(self, as_of: date) -> Path:
        """Where the results of one night lie."""
        return self.root / "nights" / as_of.isoformat()
