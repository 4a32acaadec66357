"""A night goes out into casework, people live with it, and the next night sees what happened."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Collection
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.doors.conftest import AS_OF, Utility
from tests.doors.operated import Operated
from tideover.doors.night import Results
from tideover.doors.night.afterwards import what_was_sent
from tideover.portfolio.workspace import Workspace

IDENTITY = ("name", "postcode", "address", "text")
NO_ADDRESS = "none"  # of a refusal that casework tells the lake of
_SAID = re.compile(r'"([^"\\]+)"')
NEXT = (date.fromisoformat(AS_OF) + timedelta(days=1)).isoformat()


class Lived(NamedTuple):
    """A utility one day on: what happened to whom, what was carried, and what both nights did."""

    operated: Operated
    happened: dict[str, Any]
    carried: list[Any]
    published: list[Any]

    def row(self, table: str, what: str) -> dict[str, Any]:
        """Return the row of the next night of the account to which something happened."""
        results = Results.of(Workspace.open(self.operated.workspace), date.fromisoformat(NEXT))
        rows = results.table(table).to_pylist()
        return next(r for r in rows if r["account_id"] == self.happened[what]["account"])


@pytest.fixture(scope="module")
def lived(utility: Utility, tmp_path_factory: pytest.TempPathFactory) -> Lived:
    """Return the day, lived once."""
    import shutil

    place = tmp_path_factory.mktemp("lived") / "workspace"
    operated = Operated(shutil.copytree(utility.workspace, place))
    published = [operated.publish(AS_OF), operated.publish(AS_OF)]
    happened = operated.act("live")
    carried = [operated.journal(), operated.journal()]
    operated.command("night", str(place), "--as-of", NEXT)
    published.append(operated.publish(NEXT))
    return Lived(operated, happened, carried, published)


def test_the_same_night_twice_changes_nothing(lived: Lived) -> None:
    first, again, _ = lived.published
    assert first["anew"]
    assert min(first["queued"], first["opened"]) > 100
    assert not again["anew"]
    assert (again["accounts"], again["decisions"]) == (first["accounts"], first["decisions"])


def test_the_same_watermark_twice_changes_nothing(lived: Lived) -> None:
    first, again = lived.carried
    assert first["tables"] == {"contacts": 4, "promises": 2, "arrangements": 1,
                               "circumstances": 1, "contact_points": 1}  # fmt: skip
    assert again == {"through": first["through"], "events": 0, "tables": {}}


def test_what_was_sent_fills_the_cap_and_joins_to_its_decision(lived: Lived) -> None:
    assert lived.row("reach", "sent")["contacts_7d"] >= 2
    assert lived.row("decisions", "sent")["arm"] == "none"
    workspace = Workspace.open(lived.operated.workspace)
    rows = what_was_sent(workspace, [date.fromisoformat(AS_OF)]).rows.to_pylist()
    by_decision = {row["decision_id"]: (row["channel"], row["outcome"]) for row in rows}
    assert by_decision == {
        # the receipt came before the message was written down
        lived.happened["sent"]["decision"]: ("email", "delivered"),
        # listed and made, a call is one contact: of its decision, as it went
        lived.happened["listed"]["decision"]: ("voice", "answered"),
    }
    assert len(rows) == 2


def test_the_next_night_sees_who_opted_out_promised_paid_agreed_and_disputed(lived: Lived) -> None:
    assert lived.row("reach", "opted_out")["consent_email"] == "withdrawn"
    assert lived.row("features", "promised")["promise_open"] == 1
    assert lived.row("features", "paid")["promise_open"] == 1, "money the CIS does not show yet"
    assert lived.row("features", "plan")["plan_active"] == 1
    assert "dispute" in lived.row("reach", "disputed")["holds"]
    assert lived.row("features", "replied")["replies_90d"] >= 1
    rules = {what: lived.row("decisions", what)["rule"] for what in ("promised", "paid", "plan")}
    assert rules == {"promised": "promised", "paid": "promised", "plan": "in_plan"}


def test_money_that_the_cis_does_not_show_yet_lowers_no_debt(lived: Lived) -> None:
    before = Results.of(Workspace.open(lived.operated.workspace), date.fromisoformat(AS_OF))
    owed = {row["account_id"]: row["balance_minor"] for row in
            before.table("receivables").to_pylist()}  # fmt: skip
    paid = lived.row("receivables", "paid")
    assert paid["balance_minor"] >= owed[paid["account_id"]]


def test_the_newer_night_withdraws_what_was_not_sent_and_leaves_what_was(lived: Lived) -> None:
    messages = lived.operated.act("state")[4]
    by_key = {what: next(m for m in messages if named["key"] in m.replace("-", ""))
              for what, named in lived.happened.items()}  # fmt: skip
    assert "'sent'" in by_key["sent"]
    assert "'cancelled', 'a newer night'" in by_key["unsent"]
    withdrawn = sum("'a newer night'" in message for message in messages)
    assert withdrawn == lived.published[2]["withdrawn"] > 100


def test_casework_keeps_an_opt_out_whatever_the_export_says(lived: Lived) -> None:
    theirs = {channel: consent for account, channel, consent, _ in lived.operated.act("points")
              if account == lived.happened["opted_out"]["account"]}  # fmt: skip
    assert theirs["email"] == "withdrawn"
    assert {"granted", "unknown"} & set(theirs.values())


def test_the_events_lie_in_the_lake_without_what_people_wrote(lived: Lived) -> None:
    parts = sorted((lived.operated.workspace / "lake" / "journal").glob("*.parquet"))
    kept = [row for part in parts for row in pq.read_table(part).to_pylist()]
    called = next(row for row in kept if row["kind"] == "called" and "listed" not in row["facts"])
    assert json.loads(called["facts"]) == {"direction": "outbound", "outcome": "no_answer"}
    assert [row["id"] for row in kept] == sorted(row["id"] for row in kept)


def test_an_earlier_night_is_refused_once_a_later_one_holds(lived: Lived) -> None:
    early = (date.fromisoformat(AS_OF) - timedelta(days=1)).isoformat()
    place = str(lived.operated.workspace)
    lived.operated.command("night", place, "--as-of", early)
    said = lived.operated.refused("publish", place, "--as-of", early)
    assert f"The night of {NEXT} was published, and is later than {early}" in said


def test_who_was_erased_stays_so_though_the_export_still_names_them(lived: Lived) -> None:
    whose = "(SELECT person_id FROM account WHERE account_id = ?)"
    account = [lived.happened["erased"]["account"]]
    with closing(sqlite3.connect(lived.operated.workspace / "casework/casework.sqlite3")) as found:
        names = found.execute(f"SELECT name FROM person WHERE customer_id = {whose}", account)
        assert names.fetchall() == [("",)]
        points = found.execute(f"SELECT 1 FROM contact_point WHERE person_id = {whose}", account)
        assert points.fetchall() == []


def test_nothing_of_the_vault_is_in_any_file_beside_it(lived: Lived) -> None:
    """The lake, with what casework told it, nights and models; casework's rows are sealed."""
    root = lived.operated.workspace
    wanted = {secret for path in (root / "vault").rglob("*.parquet")
              for secret in texts(path, only=IDENTITY)} - {NO_ADDRESS}  # fmt: skip
    assert len(wanted) > 1_000
    for path in root.rglob("*"):
        if path.is_file() and not {"vault", "casework"} & {*path.relative_to(root).parts}:
            found = wanted & words(path)
            assert not found, (path.relative_to(root), len(found))


def words(path: Path) -> set[str]:
    """Return the texts of a file, and those within texts that are JSON or lists."""
    if path.suffix != ".parquet":
        whole = path.read_bytes().decode("utf-8", "replace")
        return {*whole.splitlines(), *_SAID.findall(whole)}
    said = texts(path)
    return said | {part for text in said if '"' in text for part in _SAID.findall(text)}


def texts(path: Path, only: Collection[str] = ()) -> set[str]:
    """Return the texts of a Parquet file, of all columns or of some."""
    found: set[str] = set()
    file = pq.ParquetFile(path)
    for name, kind in zip(file.schema_arrow.names, file.schema_arrow.types, strict=True):
        if pa.types.is_string(kind) and (not only or name in only):
            found.update(file.read([name])[name].unique().drop_null().to_pylist())
    return found
