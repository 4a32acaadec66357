"""The local mailbox: everything once, newest first, and quick."""

from __future__ import annotations

import uuid
from pathlib import Path
from threading import Thread

from tests.casework.channels.adapters import text
from tests.casework.channels.peers import outgoing
from tideover.casework.outreach.channels.contract import Refused
from tideover.casework.outreach.channels.sink.adapter import Sink
from tideover.casework.outreach.channels.sink.mailbox import count, keep, mailbox, one


def test_what_lies_in_it_is_shown_newest_first_and_in_pages(tmp_path: Path) -> None:
    keep(tmp_path, "sms", [text(1), text(2)])
    keep(tmp_path, "email", [outgoing(3, attached={"bill.pdf": b"%PDF"})])
    assert [kept.key[-2:] for kept in mailbox(tmp_path)] == ["03", "02", "01"]
    assert [kept.key[-2:] for kept in mailbox(tmp_path, most=1, skip=1)] == ["02"]
    (mail,) = mailbox(tmp_path, channel="email")
    assert (mail.html, mail.attached) == ("<p>You owe € 84.50.</p>", ("bill.pdf",))
    assert (tmp_path / "attached" / f"{mail.key}-0.pdf").read_bytes() == b"%PDF"


def test_answers_to_tap_lie_in_it_beside_the_text(tmp_path: Path) -> None:
    keep(tmp_path, "whatsapp", [text(1, buttons=("I have paid", "STOP")), text(2)])
    assert [kept.buttons for kept in mailbox(tmp_path)] == [(), ("I have paid", "STOP")]


def test_a_mailbox_that_is_not_there_is_empty(tmp_path: Path) -> None:
    assert (mailbox(tmp_path / "no"), count(tmp_path / "no"), one(tmp_path / "no", "x")) == (
        [],
        0,
        None,
    )


def test_it_is_nobody_elses_to_read(tmp_path: Path) -> None:
    keep(tmp_path / "box", "sms", [text()])
    assert [path.stat().st_mode & 0o077 for path in (tmp_path / "box").rglob("*.jsonl")] == [0]
    assert (tmp_path / "box").stat().st_mode & 0o077 == 0


def test_several_workers_at_once_keep_each_message_once(tmp_path: Path) -> None:
    messages = [text(number) for number in range(50)]
    workers = [Thread(target=keep, args=(tmp_path, "sms", messages)) for _ in range(6)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert count(tmp_path) == 50


def test_where_it_cannot_be_written_messages_wait(tmp_path: Path) -> None:
    (tmp_path / "box").write_text("a file where the folder should be")
    (outcome,) = Sink("sms", tmp_path / "box").send([text()])
    assert isinstance(outcome, Refused)
    assert not outcome.permanent


def test_a_batch_is_one_file_however_many_are_in_it(tmp_path: Path) -> None:
    sink = Sink("sms", tmp_path)
    for _ in range(3):
        sink.send([text(key=str(uuid.uuid4())) for _ in range(100)])
    assert len(list(tmp_path.rglob("*.jsonl"))) == 3
    assert count(tmp_path) == 300
