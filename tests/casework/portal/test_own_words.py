"""A utility's own words: said where they are plain and whole; else ours are, and it is told."""

from __future__ import annotations

import json
import logging
import tomllib
from pathlib import Path

import pytest

from tideover.casework.outreach.content import LANGUAGES
from tideover.casework.portal.own_words import NAMED, Own, file_of, flat, own_words
from tideover.casework.portal.words import shipped, words
from tideover.doors.cli import run
from tideover.terms.faults import REFUSED

KIND = "You are not the only one. We look for a way with you."


def told(folder: Path, text: str, language: str = "en") -> Own:
    path = file_of(folder, language)
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return own_words(path, language, shipped(language))


def test_a_sentence_of_its_own_is_said_and_all_others_are_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told(tmp_path, f'[start]\nnot_alone = "{KIND}"')
    monkeypatch.setenv("TIDEOVER_WORKSPACE", str(tmp_path))
    assert words("en")["start.not_alone"] == KIND
    assert words("en")["start.pay"] == shipped("en")["start.pay"]
    assert words("nl") == shipped("nl")


@pytest.mark.parametrize(("text", "why"), [
    ('[start]\nnobody = "Hello."', "no text of this name"),
    ('[start]\nsince = "It is open for a while."', "lost {day}"),
    ('[start]\nnot_alone = "You owe {amount}."', "has no value here"),
    ('[start]\nnot_alone = "Pay {now, or else."', "a brace"),
    ('[start]\nnot_alone = "Pay now or we take legal action."', "wording"),
    ('[start]\nnot_alone = "PAY IT NOW."', "capitals"),
    ('[start]\nnot_alone = "Go to www.example.com to pay."', "link"),
    ('[start]\nnot_alone = " "', "empty"),
    ('[start]\nnot_alone = "Pay\\u202e it."', "nobody sees"),
    ('[start]\nnot_alone = 7', "same kind"),
    ('[start]\nnot_alone = ["One.", "Two."]', "same kind"),
    ('[busy]\ntitle = "{utility_name} is busy"', "no value here"),
])  # fmt: skip
def test_what_may_not_be_said_is_refused_by_name(tmp_path: Path, text: str, why: str) -> None:
    found = told(tmp_path, text)
    assert found.words == {}
    (one,) = found.refused
    assert why in one.what
    assert "words.en.toml: " in one.where
    assert one.mend


def test_a_page_that_becomes_hard_to_read_keeps_our_words(tmp_path: Path) -> None:
    values = NAMED.findall("\n".join(shipped("en")["about.said"]))
    long = "It is " + "considerable administrative responsibilities " * 15
    lines = [long, *(f"{{{name}}}" for name in values)]
    found = told(tmp_path, f"[about]\nsaid = {json.dumps(lines)}")
    assert (found.words, [one.where[-5:] for one in found.refused]) == ({}, ["about"])


@pytest.mark.parametrize("text", ["[start", "start = {", "\udcff"])
def test_a_file_that_cannot_be_read_leaves_all_as_it_is(tmp_path: Path, text: str) -> None:
    path = file_of(tmp_path, "en")
    path.parent.mkdir()
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    found = own_words(path, "en", shipped("en"))
    assert (found.words, len(found.refused)) == ({}, 1)


def test_what_is_refused_is_in_the_log_and_ours_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    told(tmp_path, '[start]\nnot_alone = "Pay or we take legal action."\npay = "Pay all or a part"')
    monkeypatch.setenv("TIDEOVER_WORKSPACE", str(tmp_path))
    with caplog.at_level(logging.WARNING, "tideover.portal"):
        said = words("en")
    assert said["start.not_alone"] == shipped("en")["start.not_alone"]
    assert said["start.pay"] == "Pay all or a part"
    assert "start.not_alone" in caplog.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_our_own_words_written_out_may_be_said(tmp_path: Path, language: str) -> None:
    lines = [f"{name} = {json.dumps(text, ensure_ascii=False)}"
             for name, text in shipped(language).items()]  # fmt: skip
    found = told(tmp_path, "\n".join(lines), language)
    assert (found.words, found.refused) == (shipped(language), [])


@pytest.mark.django_db
def test_the_command_tells_what_is_said_and_ends_with_3_where_something_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    root = tmp_path / "ws"
    monkeypatch.setenv("TIDEOVER_WORKSPACE", str(root))
    assert run(["init", str(root)]) == 0
    told(root, f'[start]\nnot_alone = "{KIND}"')
    assert run(["portal", "words", str(root)]) == 0
    assert "en: 1 of " in capsys.readouterr().out
    told(root, '[start]\nnot_alone = "Pay or we take legal action."')
    assert run(["portal", "words", str(root)]) == REFUSED
    assert "start.not_alone" in capsys.readouterr().out


@pytest.mark.django_db
def test_ours_are_written_out_to_be_copied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TIDEOVER_WORKSPACE", str(tmp_path / "ws"))
    assert run(["init", str(tmp_path / "ws")]) == 0
    capsys.readouterr()
    assert run(["portal", "words", str(tmp_path / "ws"), "--show", "nl"]) == 0
    assert dict(flat(tomllib.loads(capsys.readouterr().out))) == shipped("nl")
