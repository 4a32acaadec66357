"""The command line: the day in order. Each command is a few lines; the work is done elsewhere."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import Any

import typer

from tideover.doors.commands import loading, looking, making, nightly
from tideover.terms.faults import REFUSED, STEP_FAILED, USAGE, Fault

app = typer.Typer(
    name="tideover", no_args_is_help=True, add_completion=False, rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Helps customers of utilities who fall behind on their bills to catch up.",
)  # fmt: skip
intake = typer.Typer(no_args_is_help=True, rich_markup_mode=None,
                     help="Look at an export before loading it.")  # fmt: skip
app.add_typer(intake, name="intake")
DEBUG = "TIDEOVER_DEBUG"


@app.callback()
def options(
    debug: bool = typer.Option(False, "--debug", help="Show the stack trace of an error."),
) -> None:
    """Helps customers of utilities who fall behind on their bills to catch up."""
    if debug:
        os.environ[DEBUG] = "1"


def _add(group: typer.Typer, name: str, command: Callable[..., Any], example: str) -> None:
    """Add a command; its help is its docstring's first line, and an example."""
    about = (command.__doc__ or "").strip().splitlines()[0]
    group.command(name, help=f"{about}\n\n\b\nExample:\n  {example}")(command)


_add(app, "init", making.init, "tideover init ws --jurisdiction NL --currency EUR")
_add(app, "twin", making.twin, "tideover twin export --accounts 20000 --days 730 --seed 7")
_add(app, "ingest", loading.ingest, "tideover ingest ws export/")
_add(intake, "check", loading.check, "tideover intake check export/ --workspace ws")
_add(app, "quarantine", loading.quarantine, "tideover quarantine ws --out quarantine.csv")
_add(app, "night", nightly.night, "tideover night ws --as-of 2026-03-31")
_add(app, "receivables", looking.receivables,
     "tideover receivables ws --as-of 2026-03-31 --out owed.csv")
_add(app, "zones", looking.zones, "tideover zones ws --as-of 2026-03-31 --json")
_add(app, "scores", looking.scores, "tideover scores ws --as-of 2026-03-31 --out scores.csv")
_add(app, "decisions", looking.decisions,
     "tideover decisions ws --as-of 2026-03-31 --out decisions.csv")
_add(app, "evaluate", looking.evaluate,
     "tideover evaluate ws --as-of 2026-03-31 --labels outcomes.csv")
_add(app, "explain", looking.explain, "tideover explain ws A0000042 --as-of 2026-03-31")
_add(app, "report", looking.report, "tideover report ws --as-of 2026-03-31 --out report.html")


def main() -> None:
    """Run the command line; every fault is one sentence and an exit code."""
    code = run(sys.argv[1:])
    sys.stdout.flush()
    sys.stderr.flush()
    # DuckDB 2.0 prints lines about leaked functions when the interpreter winds down.
    os._exit(code)


def run(arguments: list[str]) -> int:
    """Run one command and return its exit code."""
    try:
        app(args=arguments, standalone_mode=False)
    except Fault as fault:
        return _tell(fault, str(fault), fault.exit_code)
    except (typer.Exit, typer.Abort) as left:
        return int(getattr(left, "exit_code", 1))
    except KeyboardInterrupt:
        return _tell(None, "Stopped. Nothing is half done; run it again.", STEP_FAILED)
    except OSError as error:
        where = error.filename or ""
        said = error.strerror or str(error)
        return _tell(error, f"{said}: {where}. Nothing is half done; make room or mend the "
                     "path, and run it again.", STEP_FAILED)  # fmt: skip
    except Exception as error:
        if hasattr(error, "format_message") and hasattr(error, "exit_code"):  # a usage error
            print(f"tideover: {error.format_message()}", file=sys.stderr)
            return USAGE
        return _tell(error, f"{type(error).__name__}: a step failed. Nothing is half done; run it "
                     "again, or with --debug to see where.", STEP_FAILED)  # fmt: skip
    return 0


def _tell(error: BaseException | None, words: str, code: int) -> int:
    if error is not None and (os.environ.get(DEBUG) or "--debug" in sys.argv):
        import traceback

        traceback.print_exception(error)
    print(f"tideover: {words}", file=sys.stderr)
    return code


__all__ = ["REFUSED", "app", "main", "run"]
