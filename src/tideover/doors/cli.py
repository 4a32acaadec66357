"""The command line: the day in order. Each command is a few lines; the work is done elsewhere."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import typer

from tideover.doors.commands import (
    banking,
    campaigning,
    charging,
    experimenting,
    finding,
    guarding,
    loading,
    looking,
    making,
    nightly,
    operating,
    portals,
    rehearsing,
    replying,
    sending,
    strategies,
    webhooks,
)
from tideover.terms.faults import DONE, STEP_FAILED, USAGE, Fault

app = typer.Typer(
    name="tideover", no_args_is_help=True, add_completion=False, rich_markup_mode=None,
    help="Helps customers of utilities who fall behind on their bills to catch up.",
)  # fmt: skip
intake = typer.Typer(no_args_is_help=True, rich_markup_mode=None,
                     help="Look at an export before loading it.")  # fmt: skip
app.add_typer(intake, name="intake")
strategy = typer.Typer(no_args_is_help=True, rich_markup_mode=None,
                       help="Edit, try and publish what is proposed to whom.")  # fmt: skip
app.add_typer(strategy, name="strategy")
guard = typer.Typer(no_args_is_help=True, rich_markup_mode=None,
                    help="Ask the guard what the rules allow.")  # fmt: skip
app.add_typer(guard, name="guard")
campaign = typer.Typer(no_args_is_help=True, rich_markup_mode=None,
                       help="Write to chosen people, and learn whether it helped.")  # fmt: skip
app.add_typer(campaign, name="campaign")
experiment = typer.Typer(no_args_is_help=True, rich_markup_mode=None,
                         help="Give arms by lot, and learn what each adds.")  # fmt: skip
app.add_typer(experiment, name="experiment")
webhook = typer.Typer(no_args_is_help=True, rich_markup_mode=None,
                      help="Look at what a provider told.")  # fmt: skip
app.add_typer(webhook, name="webhook")
outbox = typer.Typer(no_args_is_help=True, rich_markup_mode=None,
                     help="See and steer what is to be sent.")  # fmt: skip
app.add_typer(outbox, name="outbox")
replies = typer.Typer(no_args_is_help=True, rich_markup_mode=None,
                      help="Understand what customers write back.")  # fmt: skip
app.add_typer(replies, name="replies")
statement = typer.Typer(no_args_is_help=True, rich_markup_mode=None,
                        help="Read what the bank says came in.")  # fmt: skip
app.add_typer(statement, name="statement")
settlement = typer.Typer(no_args_is_help=True, rich_markup_mode=None,
                         help="Read what payment providers report.")  # fmt: skip
app.add_typer(settlement, name="settlement")
portal = typer.Typer(no_args_is_help=True, rich_markup_mode=None,
                     help="Look at what the portal says to customers.")  # fmt: skip
app.add_typer(portal, name="portal")
DEBUG = "--debug"
_SAFE = "Nothing that is half done counts"


@app.callback()
def options(
    debug: bool = typer.Option(False, DEBUG, help="Show the stack trace of an error."),
) -> None:
    """Helps customers of utilities who fall behind on their bills to catch up."""
    # `run` takes --debug out, so that it may stand anywhere; here it is for the help.


def _add(group: typer.Typer, name: str, command: Callable[..., Any], example: str) -> None:
    """Add a command; its help is its docstring's first line, and an example."""
    about = (command.__doc__ or "").strip().splitlines()[0]
    group.command(name, help=f"{about}\n\n\b\nExample:\n  {example}")(command)


# fmt: off
_add(app, "init", making.init, "tideover init ws --jurisdiction NL --currency EUR")
_add(app, "twin", making.twin, "tideover twin export --accounts 20000 --days 730 --seed 7")
_add(app, "ingest", loading.ingest, "tideover ingest ws export/")
_add(intake, "check", loading.check, "tideover intake check export/ --workspace ws")
_add(app, "quarantine", loading.quarantine, "tideover quarantine ws --out quarantine.csv")
_add(app, "night", nightly.night, "tideover night ws --as-of 2026-03-31")
_add(app, "receivables", looking.receivables,
     "tideover receivables ws --as-of 2026-03-31 --out owed.csv")
_add(app, "publish", operating.publish, "tideover publish ws --as-of 2026-03-31")
_add(app, "journal", operating.journal, "tideover journal ws")
_add(app, "rehearsal", rehearsing.rehearsal,
     "tideover rehearsal ws --nights 30 --out loop.html")
_add(app, "early-warning", operating.early_warning,
     'tideover early-warning ws --out signals.csv --by "Ann"')
_add(app, "zones", looking.zones, "tideover zones ws --as-of 2026-03-31 --json")
_add(app, "scores", looking.scores, "tideover scores ws --as-of 2026-03-31 --out scores.csv")
_add(app, "decisions", looking.decisions,
     "tideover decisions ws --as-of 2026-03-31 --out decisions.csv")
_add(app, "outcomes", finding.outcomes,
     "tideover outcomes ws --from 2026-03-01 --to 2026-03-31 --out outcomes.csv")
_add(app, "measures", finding.measures,
     "tideover measures ws --as-of 2026-03-31 --out measures.csv")
_add(app, "tactics", finding.tactics, "tideover tactics ws --as-of 2026-03-31")
_add(app, "evaluate", looking.evaluate,
     "tideover evaluate ws --as-of 2026-03-31 --labels outcomes.csv")
_add(app, "explain", looking.explain, "tideover explain ws A0000042 --as-of 2026-03-31")
_add(app, "report", looking.report, "tideover report ws --as-of 2026-03-31")
_add(strategy, "check", strategies.check, "tideover strategy check ws/strategy")
_add(strategy, "test", strategies.test, "tideover strategy test ws/strategy")
_add(strategy, "rehearse", rehearsing.rehearse,
     "tideover strategy rehearse ws/strategy --against published "
     "--from 2026-03-01 --to 2026-03-31 --out rehearsal.html")
_add(strategy, "export", strategies.export,
     "tideover strategy export ws/strategy --out tables.xlsx")
_add(strategy, "import", strategies.import_,
     "tideover strategy import tables.xlsx --into ws/strategy")
_add(strategy, "diff", strategies.diff, "tideover strategy diff before/ after/")
_add(strategy, "publish", strategies.publish_,
     'tideover strategy publish ws/strategy --workspace ws --from 2026-04-01 --author "Ann"')
_add(strategy, "rollback", strategies.rollback, "tideover strategy rollback ws --from 2026-04-08")
_add(strategy, "versions", strategies.versions, "tideover strategy versions ws")
_add(portal, "words", portals.words, "tideover portal words ws")
_add(guard, "check", guarding.check, "tideover guard check vectors.jsonl --out verdicts.jsonl")
_add(guard, "explain", guarding.explain, "tideover guard explain vector.json --lang nl")
_add(guard, "rules", guarding.rules, "tideover guard rules --jurisdiction US-PA --on 2026-03-31")
_add(guard, "replay", guarding.replay, "tideover guard replay record.json")
_add(campaign, "plan", campaigning.plan,
     "tideover campaign plan ws early_yellow --as-of 2026-03-31 "
     '--where "entering_yellow_fast = yes" --treatment act_early '
     '--channels "email; sms" --offers plan --holdout 0.3')
_add(campaign, "list", campaigning.list_, "tideover campaign list ws")
_add(campaign, "result", campaigning.result,
     "tideover campaign result ws early_yellow --out early_yellow.html")
_add(app, "value", finding.value,
     "tideover value --log log.csv --outcome paid --arm sent --propensity p --policy-arm proposed")
_add(experiment, "power", finding.power,
     "tideover experiment power --base 0.4 --points 5 --held 0.2")
_add(experiment, "analyse", finding.analyse,
     "tideover experiment analyse --file people.csv --arm letter --control none --outcome paid")
_add(experiment, "plan", experimenting.plan,
     'tideover experiment plan ws spring --where "zone = yellow" --base 0.4 --points 5 '
     '--arm "plan: treatment=act_early, channels=email; sms, offers=plan" '
     '--arm "friendly: treatment=act_early, channels=email; sms" --control 0.3')
_add(experiment, "start", experimenting.start,
     "tideover experiment start ws spring --as-of 2026-03-31")
_add(experiment, "list", experimenting.list_, "tideover experiment list ws")
_add(experiment, "result", experimenting.result,
     "tideover experiment result ws spring --out spring.html")
_add(app, "success", charging.success, "tideover success ws --month 2026-03 --out statements/")
_add(webhook, "parse", webhooks.parse, "tideover webhook parse mailgun body.json --json")
_add(app, "worker", sending.worker, "tideover worker ws")
_add(app, "web", sending.web, "tideover web ws --port 8321")
_add(outbox, "status", sending.status, "tideover outbox status ws")
_add(outbox, "retry", sending.retry, "tideover outbox retry ws 1207")
_add(outbox, "hold", sending.hold, 'tideover outbox hold ws --by "Ann" --reason "a wrong tariff"')
_add(outbox, "release", sending.release, 'tideover outbox release ws --by "Ann"')
_add(outbox, "restored", sending.restored, "tideover outbox restored ws")
_add(statement, "read", banking.read, "tideover statement read statement.xml --json")
_add(statement, "take", banking.take, "tideover statement take ws statement.xml")
_add(settlement, "take", banking.settle,
     "tideover settlement take ws report.csv --provider mollie")
_add(replies, "classify", replying.classify,
     "tideover replies classify replies.jsonl --out understood.jsonl --on 2026-03-31")
# fmt: on
_commands = typer.main.get_command(app)


def main() -> None:
    """Run the command line and leave with its exit code."""
    code = run(sys.argv[1:])
    # DuckDB 2.0 prints lines about leaked functions when the interpreter winds down.
    os._exit(code)


def run(arguments: list[str]) -> int:
    """Run one command and return its exit code; every fault is one sentence on the error stream."""
    try:
        words = [word for word in arguments if word != DEBUG]
        with _commands.make_context("tideover", words) as context:
            _commands.invoke(context)
        sys.stdout.flush()
    except typer.Exit as left:
        return left.exit_code
    except (Exception, KeyboardInterrupt) as error:
        code, sentence = _told(error)
        with suppress(OSError):  # where nobody reads, the exit code still counts
            if DEBUG in arguments:
                traceback.print_exception(error)
            print(f"tideover: {sentence}", file=sys.stderr, flush=True)
        return code
    return DONE


def _told(error: BaseException) -> tuple[int, str]:
    """Return the exit code of an error, and the sentence that tells it."""
    if isinstance(error, Fault):
        return error.exit_code, str(error)
    if hasattr(error, "format_message"):  # how typer's usage errors are told from others
        return USAGE, str(error.format_message())
    if isinstance(error, KeyboardInterrupt):
        return STEP_FAILED, f"Stopped. {_SAFE}; run it again."
    if isinstance(error, OSError):
        what = ": ".join(str(part) for part in (error.strerror or error, error.filename) if part)
        return STEP_FAILED, f"{what}. {_SAFE}; make room or mend the path, and run it again."
    what = f"{type(error).__name__}: a step failed"
    return STEP_FAILED, f"{what}. {_SAFE}; run it again, or with --debug to see where."
