"""On an old phone with a bad connection: how much is sent, how soon it is there; and Lighthouse.

All of it is slow, so `make matrix` runs it.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.casework.portal.reader import Reader, come_in
from tests.casework.portal.test_every_state import PAGES
from tests.programs import program
from tideover.casework.portal.journeys import JOURNEYS

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.matrix]
FIRST = tuple(f"{one.name}/" for one in JOURNEYS.values())
MOST_BYTES, LATEST_MS = 40_000, 1_800
SLOW = {"offline": False, "latency": 400, "downloadThroughput": 400 * 1_000 / 8,
        "uploadThroughput": 400 * 1_000 / 8}  # fmt: skip
PAINTED = """() => new Promise(done => new PerformanceObserver(
    list => done(list.getEntries().at(-1).startTime)
).observe({type: 'largest-contentful-paint', buffered: true}))"""
LEAST = {"performance": 0.95, "accessibility": 1, "best-practices": 1}


def test_every_page_is_light_with_all_that_comes_along(phone: Reader) -> None:
    come_in(phone)
    phone.page.wait_for_url("**/my/", wait_until="networkidle")  # what is under way does not count
    answers: list[Any] = []
    phone.page.on("response", lambda one: answers.append(one))
    weighs = {}
    for where in (*PAGES, *FIRST):
        answers.clear()
        phone.open(f"/my/{where}")
        phone.page.wait_for_load_state("networkidle")
        weighs[where] = sum(len(one.body()) for one in answers if one.ok)
    assert {where: size for where, size in weighs.items() if size > MOST_BYTES} == {}
    assert weighs[""] > 0


@pytest.mark.parametrize("where", ["", "plan/", "help/", "pay/"])
def test_on_a_bad_connection_a_page_is_there_in_time(
    phones: Callable[..., Reader], where: str
) -> None:
    phone = phones(script=True)  # of ours there is none: it is how the browser is asked
    come_in(phone)
    to = phone.page.context.new_cdp_session(phone.page)
    to.send("Network.enable")
    to.send("Network.setCacheDisabled", {"cacheDisabled": True})
    to.send("Network.emulateNetworkConditions", SLOW)
    phone.open(f"/my/{where}")
    assert phone.page.evaluate(PAINTED) <= LATEST_MS


def test_the_start_page_is_what_lighthouse_wants(phone: Reader, tmp_path: Path) -> None:
    lighthouse = program("lighthouse")
    come_in(phone)
    cookies = "; ".join(f"{one['name']}={one['value']}" for one in phone.page.context.cookies())
    out = tmp_path / "report.json"
    flags = "--headless=new --no-sandbox --disable-gpu --disable-dev-shm-usage"
    subprocess.run(
        [lighthouse, f"{phone.at}/my/", "--quiet", f"--chrome-flags={flags}", "--output=json",
         f"--output-path={out}", f"--only-categories={','.join(LEAST)}",
         f"--extra-headers={json.dumps({'Cookie': cookies})}"],
        check=True, env=os.environ | {"CHROME_PATH": str(shutil.which("chromium"))}, timeout=240,
    )  # fmt: skip
    told = json.loads(out.read_text())
    assert told["finalDisplayedUrl"].endswith("/my/")
    scores = {name: told["categories"][name]["score"] for name in LEAST}
    wrong = [name for name, one in told["audits"].items() if one["score"] not in (1, None)]
    assert all(scores[name] >= least for name, least in LEAST.items()), (scores, wrong)
