# SPDX-License-Identifier: GPL-3.0-or-later
"""The manual pages are read by groff without a warning, and say all that the commands declare."""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from app.commands.completion import actions
from app.main import COMMANDS, EXAMPLES, build_parser, main
from app.man_pages import escaped, man_pages

PAGES = man_pages(build_parser("infiniloop"))


def read(text: str) -> tuple[str, str]:
    """Return what groff shows of a page as plain text, and what it warns of."""
    program = shutil.which("groff")
    assert program, "groff is not installed: see resources/setup/apt-test.txt"
    done = subprocess.run(
        [program, "-ww", "-man", "-Tutf8", "-P-cbou", "-rLL=100n"],
        input=text,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return done.stdout, done.stderr


def parsers() -> dict[str, argparse.ArgumentParser]:
    parser = build_parser("infiniloop")
    (commands,) = (one for one in parser._actions if isinstance(one, argparse._SubParsersAction))
    return {"infiniloop.1": parser, **{f"infiniloop-{name}.1": sub for name, sub in commands.choices.items()}}


def test_every_command_has_a_page_that_says_all_it_declares() -> None:
    assert set(PAGES) == {"infiniloop.1", *(f"infiniloop-{name}.1" for name in COMMANDS)}
    for name, parser in parsers().items():
        shown, warned = read(PAGES[name])
        assert warned == "", name
        plain = " ".join(shown.replace("‐\n", "").split())
        for section in ("NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "EXIT STATUS", "ENVIRONMENT", "FILES"):
            assert f"\n{section}\n" in shown, (name, section)
        declared = parser._actions if name == "infiniloop.1" else list(actions(parser))
        options = {option for one in declared for option in one.option_strings}
        assert options >= {"--help"}
        assert [one for one in options if not re.search(rf"(?<![\w-]){re.escape(one)}(?![\w-])", plain)] == [], name
        for group in parser._action_groups:
            if group._group_actions and group.title not in (None, "options", "positional arguments"):
                assert group.title.lower() in plain.lower()


def test_the_program_s_page_names_all_commands_and_shows_all_examples() -> None:
    shown = read(PAGES["infiniloop.1"])[0]
    assert [name for name in COMMANDS if f"infiniloop-{name}(1)" not in shown] == []
    plain = " ".join(shown.split())
    for line, words in EXAMPLES:
        # As it is to be typed: no typographic quotes, no other hyphens.
        assert f"infiniloop {line}".strip() in plain
        assert words in plain


def test_a_page_is_ascii_without_a_day_or_a_place_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for text in PAGES.values():
        assert text.isascii()
        assert set(re.findall(r"[\x00-\x1f\x7f]", text)) == {"\n"}
        assert str(Path.home()) not in text
        assert re.search(r"\b20\d\d\b", text) is None
    monkeypatch.setenv("XDG_CONFIG_HOME", "/elsewhere")
    monkeypatch.setenv("HOME", "/nowhere")
    monkeypatch.setenv("COLUMNS", "33")
    assert man_pages(build_parser("infiniloop")) == PAGES
    assert r"\(ti/" in PAGES["infiniloop.1"]


@pytest.mark.parametrize(
    "words", [".SH no request", "'br", r"a \fBbackslash\n", "--flat, -r; half-open “ü…” ~^", '"a"']
)
def test_words_are_shown_as_they_are(words: str) -> None:
    shown, warned = read(f'.TH X 1 ""\n.SH NAME\n{escaped(words, code=True)}\n.PP\n{escaped(words)}\n')
    assert warned == ""
    body = [line.strip() for line in shown.splitlines() if line.startswith("       ") and line.strip()]
    assert body[0] == words
    assert body[1].translate({ord("’"): "'", ord("‐"): "-", ord("−"): "-"}) == words


def test_the_command_writes_them_and_replaces_none_unasked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "share" / "man1"
    assert main(["manual", "-o", str(folder)]) == 0
    assert {path.name: path.read_text() for path in folder.iterdir()} == PAGES
    assert main(["manual", "-o", str(folder)]) == 1
    said = capsys.readouterr().err
    assert f"and {len(PAGES) - 1} more are there already: name another place, or replace them with --force." in said
    assert main(["manual", "-o", str(folder), "--force", "--json"]) == 0
    assert str(folder / "infiniloop-play.1") in capsys.readouterr().out
