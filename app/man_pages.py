# SPDX-License-Identifier: GPL-3.0-or-later
"""This module writes manual pages in man(7)'s language, of what the commands declare to argparse.

The pages hold ASCII alone, no date and nothing of this machine: the same program writes the same pages everywhere.
"""

from __future__ import annotations

import argparse
import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from app import VERSION, paths
from app.main import EXAMPLES, EXIT_CODES, NOTE
from app.program import NAME

SECTION = 1
ENVIRONMENT = (
    ("INFINILOOP_MUSICGPT", "the MusicGPT program, where it is not on the PATH"),
    ("HF_HUB_CACHE, HF_HOME", "where weights of models are kept, as for every program that uses the Hugging Face hub"),
    ("XDG_DATA_HOME, XDG_CONFIG_HOME, XDG_CACHE_HOME, XDG_STATE_HOME", "where the folders below FILES are"),
    ("XDG_RUNTIME_DIR", "where a studio that runs listens to “ctl”"),
    ("DISPLAY, WAYLAND_DISPLAY", "the screen on which the studio opens its window"),
    ("HTTPS_PROXY, HTTP_PROXY, NO_PROXY", "proxies by which models are fetched and other machines asked"),
)
"""Variables that the program reads, and what each says."""
FILES: tuple[tuple[Callable[[], Path], str], ...] = (
    (paths.data_folder, "takes and their recipes, and the programs that the studio fetched"),
    (paths.pace_file, "how long clips took to make on this machine"),
    (paths.jam_folder, "the jam as it was left"),
    (paths.settings_file, "the settings"),
    (paths.presets_folder, "presets of your own, one text file each"),
    (paths.cache_folder, "what was just heard, and what was dragged out of the window"),
    (paths.terminal_history, "what was typed in the shell of “term”"),
    (paths.log_file, "what went wrong, in full"),
)
_TITLES = {"positional arguments": "ARGUMENTS", "options": "OPTIONS"}
"""Section of each group that argparse makes by itself."""
_ESCAPES = {"\\": r"\e", "~": r"\(ti", "^": r"\(ha"}
_CODE_ESCAPES = {"-": r"\-", "'": r"\(aq", "`": r"\(ga", '"': r"\(dq"}
_UNBROKEN = 50
"""Number of characters of a part of a synopsis that is still kept on one line."""


def man_pages(parser: argparse.ArgumentParser) -> dict[str, str]:
    """Return the pages of a program and of its commands: file name to text, the program's own first."""
    commands = _commands(parser)
    pages = {f"{NAME}.{SECTION}": "\n".join(_page(parser, NAME, [f"{NAME}-{name}" for name in commands]))}
    for name, command in commands.items():
        pages[f"{NAME}-{name}.{SECTION}"] = "\n".join(_page(command, f"{NAME}-{name}", [NAME]))
    return pages


def escaped(text: str, *, code: bool = False) -> str:
    """Return one line of text as roff takes it: nothing in it is a request; ``code`` can be copied as it is."""
    if not code:
        # An option named in a sentence can be copied too.
        options = r"(?<![\w-])--?[a-zA-Z][\w-]*"
        parts = re.split(f"({options})", text)
        return "".join(escaped(one, code=True) if at % 2 else _mapped(one, _ESCAPES) for at, one in enumerate(parts))
    return _mapped(text, _ESCAPES | _CODE_ESCAPES)


def _mapped(text: str, escapes: dict[str, str]) -> str:
    told = "".join(escapes.get(one, one if one.isascii() else rf"\[u{ord(one):04X}]") for one in text)
    return rf"\&{told}" if told[:1] in (".", "'") else told


def _commands(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    """Return a parser's sub-commands by name."""
    chosen = [one for one in parser._actions if isinstance(one, argparse._SubParsersAction)]
    return {name: sub for one in chosen for name, sub in one.choices.items()}


def _page(parser: argparse.ArgumentParser, name: str, related: Sequence[str]) -> Iterator[str]:
    summary = parser.description or ""
    yield f'.TH {escaped(name.upper(), code=True)} {SECTION} "" "{NAME} {VERSION}" "Infiniloop Studio"'
    # Names are not to be hyphenated, nor lines stretched.
    yield from (".nh", ".ad l")
    yield from (".SH NAME", rf"{escaped(name, code=True)} \- {escaped(summary.split('.')[0])}")
    yield from (".SH SYNOPSIS", *_synopsis(parser))
    yield from (".SH DESCRIPTION", _sentence(summary))
    is_program = name == NAME
    if is_program:
        yield from (".PP", _sentence(NOTE))
    elif parser.epilog:
        yield from (".PP", ".nf", *map(escaped, parser.epilog.splitlines()), ".fi")
    yield from _arguments(parser, is_program)
    examples = [one for one in EXAMPLES if is_program or one[0].split(" ")[0] == name.removeprefix(f"{NAME}-")]
    if examples:
        yield ".SH EXAMPLES"
        for line, words in examples:
            yield from _item(rf"\fB{escaped(f'{NAME} {line}'.strip(), code=True)}\fR", words)
    yield from (".SH EXIT STATUS", *_items(EXIT_CODES))
    yield from (".SH ENVIRONMENT", *_items(ENVIRONMENT))
    yield from (".SH FILES", *_items((_usual(path), words) for path, words in FILES))
    yield ".SH SEE ALSO"
    yield ",\n".join(rf"\fB{escaped(one, code=True)}\fR({SECTION})" for one in related)
    yield ""


def _arguments(parser: argparse.ArgumentParser, is_program: bool) -> Iterator[str]:
    """Yield the arguments of a parser by their groups; of a command's own sub-commands, theirs below it."""
    deeds = _commands(parser)
    for group in parser._action_groups:
        shown = [one for one in group._group_actions if one.help is not argparse.SUPPRESS]
        title = group.title or ""
        if not shown:
            continue
        if title in _TITLES:
            yield f".SH {_TITLES[title]}"
        else:
            yield f".SH {escaped(title.upper())}" if deeds else f".SS {escaped(title)}"
        if group.description:
            yield _sentence(group.description)
        for one in shown:
            if not isinstance(one, argparse._SubParsersAction):
                yield from _item(_invocation(parser, one), _help(parser, one))
            elif is_program:
                summaries = {choice.dest: choice.help or "" for choice in one._choices_actions}
                yield from _items(
                    ((rf"\fB{escaped(f'{NAME}-{name}', code=True)}\fR({SECTION})", summaries[name]) for name in deeds),
                    is_text=False,
                )
    if not is_program:
        for name, deed in deeds.items():
            yield from (f".SS {escaped(name, code=True)}", _sentence(deed.description or ""))
            yield from _synopsis(deed)
            for one in deed._actions:
                yield from _item(_invocation(deed, one), _help(deed, one))


def _items(pairs: Iterable[tuple[str, str]], *, is_text: bool = True) -> Iterator[str]:
    for tag, words in pairs:
        yield from _item(rf"\fB{escaped(tag, code=True)}\fR" if is_text else tag, words)


def _item(tag: str, words: str) -> Iterator[str]:
    # A synopsis before it leaves an indentation of its own.
    yield from (".TP 7n", tag, escaped(" ".join(words.split())))


def _sentence(words: str) -> str:
    words = f"{words[:1].upper()}{words[1:]}".rstrip(".")
    return escaped(f"{words}.")


def _formatter(parser: argparse.ArgumentParser) -> argparse.HelpFormatter:
    return argparse.HelpFormatter(parser.prog, width=100_000)


def _help(parser: argparse.ArgumentParser, one: argparse.Action) -> str:
    return _formatter(parser)._expand_help(one) if one.help else ""


def _invocation(parser: argparse.ArgumentParser, one: argparse.Action) -> str:
    """Return how an argument is written: its names in bold, what it is given in italics."""
    formatter = _formatter(parser)
    if not one.option_strings:
        return rf"\fI{escaped(formatter._metavar_formatter(one, one.dest)(1)[0], code=True)}\fR"
    given = "" if one.nargs == 0 else formatter._format_args(one, one.dest.upper())
    value = rf" \fI{escaped(given, code=True)}\fR" if given else ""
    return ", ".join(rf"\fB{escaped(name, code=True)}\fR{value}" for name in one.option_strings)


def _synopsis(parser: argparse.ArgumentParser) -> Iterator[str]:
    """Yield how a command is written; a bracket is broken only where it is long."""
    formatter = _formatter(parser)
    formatter.add_usage(None, parser._actions, parser._mutually_exclusive_groups, prefix="")
    # Some versions of Python colour it on a terminal.
    usage = re.sub(r"\x1b\[[\d;]*m", "", formatter.format_help()).strip().removeprefix(parser.prog).strip()
    yield f'.SY "{escaped(parser.prog, code=True)}"'
    for part in re.findall(r"\[[^\[\]]*(?:\[[^\[\]]*\][^\[\]]*)*\]|\([^()]*\)|\S+", usage):
        words = re.sub(
            r"(?<![\w-])(--?[a-z][\w-]*)|([A-Z][A-Z_=]*)|([^A-Z-]+|.)",
            lambda found: (
                rf"\fB{escaped(found[1], code=True)}\fR"
                if found[1]
                else rf"\fI{found[2]}\fR"
                if found[2]
                else escaped(found[3], code=True)
            ),
            part,
        )
        yield words.replace(" ", r"\ ") if len(part) <= _UNBROKEN else words
    yield ".YS"


def _usual(path: Callable[[], Path]) -> str:
    """Return where a file is for a person who has set nothing, below ``~``."""
    kept, home = dict(os.environ), "/home/you"
    try:
        for name in [one for one in kept if one.startswith("XDG_")]:
            del os.environ[name]
        os.environ["HOME"] = home
        return str(path()).replace(home, "~")
    finally:
        os.environ.update(kept)
