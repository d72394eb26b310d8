# SPDX-License-Identifier: GPL-3.0-or-later
"""The sub-command ``ctl`` tells a running studio, or one in a terminal, what to do: for scripts and key bindings.

``resources/control.md`` describes the socket beneath it, for programs that want to speak to it themselves.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import Any

from app import streams
from app.commands import terminal
from app.commands.numbers import whole
from app.control.verbs import VERBS, Takes
from app.control.words import from_here, is_off
from app.program import program_name
from engine.errors import NoStudioRuns, StudioError

FOLLOW, LIST, SAID = "follow", "list", "said"
LIMIT_S = 90.0
"""Seconds in which a studio answers: a file may be long, and its disk slow."""
TOLD = tuple(name for name, verb in VERBS.items() if not verb.is_local)
"""Verbs that another process can be told."""
EVENT_WORDS = {
    "led": "plays “{title}”",
    "made": "made “{title}”",
    "kept": "kept “{title}”",
    "saved": "saved {file}",
    "started": "the music starts",
    "stopped": "the music stops",
}
"""Events that ``--follow`` puts into words; of the others it tells the kind and the data."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument(
        "verb",
        nargs="?",
        type=str.lower,
        choices=(*TOLD, LIST),
        metavar="VERB",
        help="what it is told (below); list names the studios that run",
    )
    parser.add_argument("words", nargs="*", metavar="WORD", help="what the verb takes")
    parser.add_argument("--json", action="store_true", help="print the answer as one JSON object")
    parser.add_argument(
        "--follow", action="store_true", help="then print what happens there, line by line, until it ends or Ctrl+C"
    )
    parser.add_argument("--pid", type=whole, metavar="N", help="the studio of this process (default: started last)")
    width = max(len(f"{name} {VERBS[name].usage}".strip()) for name in TOLD)
    lines = [f"  {f'{name} {VERBS[name].usage}'.strip():<{width}}  {VERBS[name].help}" for name in TOLD]
    parser.epilog = "\n".join(["verbs:", *lines, "", "what begins with “-” and is no number stands after “--”"])
    parser.set_defaults(refuse=parser.error)


def run(arguments: argparse.Namespace) -> int:
    """Tell a studio, and print what it answers. Raises StudioError."""
    if arguments.verb == LIST:
        return _list(arguments)
    if arguments.verb is None and not arguments.follow:
        arguments.refuse("name a verb (--help lists them), or --follow")
    from app.control.client import connected

    with connected(arguments.pid) as client:
        if arguments.follow:
            client.ask(FOLLOW, (), limit_s=LIMIT_S)
        exit_code = 0
        if arguments.verb is not None:
            told = client.ask(arguments.verb, _whole_paths(arguments.verb, arguments.words), limit_s=LIMIT_S)
            exit_code = _print(told, as_json=arguments.json)
        if arguments.follow and not exit_code:
            for event in client.events():
                if arguments.json:
                    terminal.print_json(event)
                elif event.get("event") != SAID:
                    # Console lines say in many words what other events say.
                    print(streams.harmless(event_words(event)))
                sys.stdout.flush()
        return exit_code


def _list(arguments: argparse.Namespace) -> int:
    from app.control.client import Client, running

    found = []
    for pid in running():
        try:
            with Client(pid) as client:
                found.append(
                    {"pid": pid, "kind": client.greeting.get("kind"), "version": client.greeting.get("version")}
                )
        except (StudioError, OSError):
            continue
    if arguments.json:
        terminal.print_json({"studios": found})
    else:
        for one in found:
            print(f"{one['pid']}  {one['kind']}")
    if not found:
        print(f"infiniloop: {NoStudioRuns(program=program_name())}", file=sys.stderr)
        return 1
    return 0


def _whole_paths(verb: str, words: Sequence[str]) -> list[str]:
    """Return the words of a verb, with files named from “/” on: the studio runs in another folder than this."""
    takes = VERBS[verb].takes
    if takes is Takes.FILE and words and not is_off(words):
        return [from_here(" ".join(words))]
    if takes is Takes.FILES:
        return [from_here(one) for one in words]
    return list(words)


def _print(told: dict[str, Any], *, as_json: bool) -> int:
    """Print an answer; return the exit code."""
    if as_json:
        terminal.print_json(told)
    if not told.get("ok"):
        message = str(told.get("error", {}).get("message", "the studio refused"))
        print(f"infiniloop: {streams.harmless(message)}", file=sys.stderr)
        return 1
    if not as_json:
        print(streams.harmless(str(told.get("text", ""))))
    sys.stdout.flush()
    return 0


def event_words(event: dict[str, Any]) -> str:
    """Return an event as a line for people."""
    kind = str(event.get("event"))
    if kind in EVENT_WORDS:
        return EVENT_WORDS[kind].format(**event)
    if isinstance(error := event.get("error"), dict):
        return f"{kind}: {error.get('message')}"
    rest = ", ".join(f"{name} {value}" for name, value in event.items() if name not in ("event", "at"))
    return f"{kind}: {rest}" if rest else kind
