"""The portal's words: ours, to be copied, and a utility's own, judged."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated

import typer

from tideover.doors.commands.arguments import AsJson, WorkspacePath
from tideover.portfolio.workspace import Workspace
from tideover.terms.faults import Refused, Usage


def words(
    workspace: WorkspacePath,
    show: Annotated[
        str, typer.Option("--show", metavar="LANGUAGE", help="Write ours, to copy and change.")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Say which sentences of the portal the utility says in words of its own, and judge them."""
    from tideover.doors.operations import open_casework

    opened = Workspace.open(workspace)
    open_casework(opened)
    from tideover.casework.outreach.content import LANGUAGES
    from tideover.casework.portal.own_words import file_of, own_words
    from tideover.casework.portal.words import shipped

    if show:
        if show not in LANGUAGES:
            raise Usage(f"The portal does not speak {show!r}", where="--show",
                        mend=f"One of {', '.join(LANGUAGES)}")  # fmt: skip
        for name, text in shipped(show).items():
            print(f"{name} = {json.dumps(text, ensure_ascii=False)}")
        return
    found = {one: own_words(file_of(opened.root, one), one, shipped(one)) for one in LANGUAGES}
    refused = [one for own in found.values() for one in own.refused]
    if as_json:
        print(json.dumps({"own": {one: sorted(own.words) for one, own in found.items()},
                          "refused": [asdict(one) for one in refused]}))  # fmt: skip
    else:
        for language, own in found.items():
            print(f"{language}: {len(own.words)} of {len(shipped(language))} in words of your own")
        for one in refused:
            print(f"NOT SAID  {one.where}: {one.what}. {one.mend}.")
    if refused:
        raise Refused(f"{len(refused)} are not said, and ours are said in their place",
                      where=str(opened.root / "portal"), mend="Each is told above")  # fmt: skip
