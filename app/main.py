# SPDX-License-Identifier: GPL-3.0-or-later
"""The command ``infiniloop`` reads the command line and hands over to a sub-command."""

from __future__ import annotations

import os
import signal
import sys

if __name__ == "__main__" or os.path.basename(sys.argv[0]) == "infiniloop":  # noqa: PTH119 - pathlib takes its time
    # Before anything else is imported: Ctrl+C would be a traceback until ``endings.watching``.
    for _number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(_number) is not signal.SIG_IGN:
            signal.signal(_number, lambda number, _frame: os._exit(128 + number))

from typing import TYPE_CHECKING

from app import streams
from app.commands import endings

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

COMMANDS = {
    "studio": "open the window, as plain infiniloop does, and as infiniloop FILE… does with sounds to play",
    "term": "the studio in a terminal, with a shell: endless music over ssh",
    "ctl": "tell a studio that runs what to do: next, pause, save… for scripts and key bindings",
    "generate": "make one clip and write it to a file, or many into a folder",
    "analyze": "find where audio files loop, and say why",
    "play": "hear a sound loop for ever, in the terminal, its intro first",
    "extend": "make a sound last as long as you like, by its loop",
    "split": "cut a sound into its intro, its loop and its outro",
    "tag": "write a sound's loop into its tags, its audio untouched bit for bit",
    "export": "write a sound's loop, baked so that it repeats without a seam, or its loop points",
    "recipe": "show the recipe that a sound carries, compare two, make the sound again or vary it",
    "add": "bring sounds into the library, where the studio plays them as it plays what it made",
    "proof": "list the loops that are heard to jump",
    "render": "make endless music into a file, with no window and no device",
    "jam": "render a jam: layers in step with one clock, played by a script",
    "video": "make a video of a sound, to share: its waveform moves past",
    "continue": "go on from a recording, in its tempo, key and harmony",
    "accompany": "play drums, bass, chords to a recording, bar by bar",
    "fill": "play what is missing in a recording",
    "vary": "play a recording’s music again in another way",
    "band": "have a band play along with you, by an input, or with a file as if it were played live",
    "fragments": "fill the slots of a folder with short sounds for a performer’s own program",
    "radio": "endless music for all who listen to its stream, with no window and no sound card",
    "serve": "offer a generator of this machine to studios on other machines",
    "presets": "list the presets: prompts with settings, by name",
    "stats": "tell how long clips take on this machine, or measure it",
    "models": "list, fetch, check and remove the models, programs and packages that generators need",
    "devices": "list where sound can go, and where it can come from",
    "latency": "measure how long sound takes from an output back through an input",
    "midi": "list MIDI's ports, and print what a pad or a knob sends",
    "completion": "print a script by which bash, zsh or fish completes this program's command lines",
    "manual": "write this program's manual pages, made of what its commands declare",
    "doctor": "say what this machine lacks to play without a gap, and rehearse what may fail",
}
"""Help of each command: a module of ``app.commands`` with ``add_arguments(parser)`` and ``run(arguments) -> int``.

It is said here, not taken from the module's docstring: python -OO drops those.
"""

EXAMPLES = (
    ("", "open the studio"),
    ("song.flac", "open it and play on from your own sound, or a folder of them"),
    ('term --prompt "lofi rain, 80 bpm"', "endless music in this terminal; “help” lists what can be said"),
    ('--prompt "lofi rain"', "open it with the music running, or have the studio that runs play this"),
    ("ctl next", "tell the studio that runs to go on; “ctl status”, “ctl --follow --json”"),
    ('generate "warm house, 122 bpm" -o clip.wav', "one clip to a file"),
    ("generate --from prompts.txt -o clips --count 4", "many clips into a folder; begun again, it goes on"),
    ("analyze clip.wav --json", "where it loops, and why"),
    ("play clip.wav", "hear it loop: n next candidate, + overlap, q quit"),
    ("extend clip.wav --length 1h -o hour.flac", "its intro, its loop for an hour, a fade"),
    ("split clip.wav -o parts", "intro, loop and outro as files"),
    ("tag clip.wav -o tagged.wav", "its loop points as tags, the audio untouched"),
    ("export clip.wav -o loop.wav", "the loop, baked: it repeats without a seam"),
    ("recipe loop.wav --again -o same.wav", "by the recipe that it carries; --vary makes another"),
    ("add kick.wav pad.wav", "your own sounds as takes of the library"),
    ("proof loops", "which loops of a folder are heard to jump"),
    ('render "lofi rain" --minutes 60 -o hour.flac', "an hour of music, no window, no device"),
    ("render --preset slow-tide --minutes 30 -o night.flac", "by a preset; “presets” lists them"),
    ("stats --measure composer", "how long its clips take on this machine"),
    ("continue riff.wav --seconds 20 -o longer.wav", "20 s more of your own recording, joined on the beat"),
    ("band --style bossa", "play, and a band plays along; “latency” first, so that it is in time"),
    ("accompany riff.wav --parts drums,bass -o band.wav", "a band to it"),
    ('fragments folder "soft {rain|wind}" --every 30', "short sounds for a performer, in a circle of slots"),
    ("serve --host 0.0.0.0 --token-file token", "make clips for studios on other machines"),
    ("models list", "which models there are, what is here, what one may do with it"),
    ("devices", "where sound can go"),
    ("midi --listen", "what your pads and knobs send, and what that does in a jam"),
    ("completion fish > ~/.config/fish/completions/infiniloop.fish", "command lines are completed by Tab"),
    ("manual -o ~/.local/share/man/man1", "its manual pages: then “man infiniloop”"),
    ("doctor", "what this machine lacks to play without a gap"),
)
"""Command lines without the program's name, and what each does."""

EXIT_CODES = (
    ("0", "done"),
    ("1", "a failure told in one sentence"),
    ("2", "wrong usage, as a value out of its range"),
    ("128 and more", "ended by a signal (Ctrl+C: 130)"),
)
"""Exit codes, and what each means."""

NOTE = "numbers and times may have a decimal comma or point"


def _examples(program: str) -> str:
    width = max(len(line) for line, _ in EXAMPLES)
    lines = (f"  {program} {line:<{width}}  {words}" for line, words in EXAMPLES)
    codes = "exit codes: " + ", ".join(f"{code} {words}" for code, words in EXIT_CODES)
    return "\n".join(["examples:", *lines, "", codes, NOTE])


def build_parser(program: str | None = None) -> argparse.ArgumentParser:
    """Return the parser of the whole command line; ``program`` is how it names this one, if not as it was called."""
    import argparse
    import importlib

    from app import VERSION
    from app.commands.parsing import CommandParser
    from app.program import NAME, program_name

    program = program or program_name()
    parser = argparse.ArgumentParser(
        prog=program,
        description="Endless music from a prompt. Without a command it opens the studio's window.",
        epilog=_examples(program),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"{NAME} {VERSION}")
    subparsers = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands", parser_class=CommandParser)
    for name, summary in COMMANDS.items():
        # No module can have the name of a keyword.
        module = importlib.import_module(f"app.commands.{'go_on' if name == 'continue' else name}")
        sub = subparsers.add_parser(name, help=summary, description=summary)
        module.add_arguments(sub)
        sub.set_defaults(run=module.run)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command line; return the exit code."""
    # First of all: a pipe that is opened would get the number of a standard stream that is closed.
    streams.prepare()
    with endings.watching():
        try:
            try:
                return _run(argv)
            finally:
                # What still waits in the buffer is written here, help too: at the interpreter's end it would be too
                # late to notice that its reader is gone.
                streams.flush_output()
        except endings.Ended as ended:
            print("infiniloop: stopped.", file=sys.stderr)
            streams.drop_output()
            return ended.exit_code
        except BrokenPipeError:
            # The reader of our output went away (as with "| head"): not worth a word.
            streams.drop_output()
            return 0
        except OSError as error:
            from engine.errors import CannotPrint

            streams.drop_output()
            print(f"infiniloop: {CannotPrint(detail=error.strerror or str(error))}", file=sys.stderr)
            return 1


def _run(argv: Sequence[str] | None) -> int:
    from app.home import settle_home
    from app.memory import check_memory
    from engine.errors import LittleMemory

    settle_home()
    try:
        check_memory()
    except LittleMemory as error:
        print(f"infiniloop: {error}", file=sys.stderr)
        return 1
    parser = build_parser()
    arguments = parser.parse_args(with_studio(sys.argv[1:] if argv is None else argv))
    if arguments.command is None:
        arguments = parser.parse_args(["studio"])
    import logging

    from app import paths
    from app.commands import dry_run
    from engine.errors import OutOfMemory, StudioError
    from engine.library import atomic
    from engine.library.unwritten import NotWritten

    logging.basicConfig(level=logging.WARNING, format="infiniloop: %(message)s", stream=sys.stderr)
    endings.begin()
    dry_run.begin(arguments)
    if not dry_run.is_on():
        atomic.sweep_journal(paths.journal_folder())
        atomic.keep_journal(paths.journal_folder())
    try:
        return int(arguments.run(arguments))
    except NotWritten as stopped:
        dry_run.tell(stopped)
        return dry_run.exit_code()
    except StudioError as error:
        return _fail(arguments, error)
    except BrokenPipeError:
        raise
    except MemoryError:
        return _fail(arguments, OutOfMemory())
    except Exception as error:  # noqa: BLE001 - the process boundary: one sentence for the person, the rest for the log
        endings.checkpoint()
        if isinstance(error, OSError):
            # Of what is printed; files' own errors are StudioErrors. Raises again what could not be written.
            streams.flush_output()
        print(
            f"infiniloop: something went wrong: {type(error).__name__}: {error} ({_log_traceback()})", file=sys.stderr
        )
        _print_failure(arguments, error)
        return 1
    finally:
        dry_run.end()


def _fail(arguments: argparse.Namespace, error: Exception) -> int:
    """Tell what failed, in one sentence and, where JSON is asked for, as an object; return the exit code."""
    endings.checkpoint()
    from engine.errors.requests import exit_code_of

    print(f"infiniloop: {streams.harmless(str(error))}", file=sys.stderr)
    _print_failure(arguments, error)
    return exit_code_of([error])


def _print_failure(arguments: argparse.Namespace, error: Exception) -> None:
    if getattr(arguments, "json", False):
        from app.commands.terminal import print_failure

        print_failure(error)


def with_studio(argv: Sequence[str]) -> Sequence[str]:
    """Return the command line with the command studio before its own options and sounds, where none is named."""
    from pathlib import Path

    from engine.library.sound_folders import is_sound_name

    if argv and argv[0].partition("=")[0] in ("--prompt", "--new"):
        return ["studio", *argv]
    if not argv or argv[0].startswith("-") or argv[0] in COMMANDS:
        return argv
    # What looks like a file and is none is told as that, not as a misspelt command.
    names_file = Path(argv[0]).exists() or os.sep in argv[0] or is_sound_name(argv[0])
    return ["studio", *argv] if names_file else argv


def _log_traceback() -> str:
    """Write the traceback being handled to the log; return where it can be read."""
    import traceback

    from app import paths

    path = paths.log_file()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8", errors="backslashreplace") as log:
            log.write(traceback.format_exc())
    except OSError:
        return "and the log cannot be written"
    return f"more in {path}"


if __name__ == "__main__":
    raise SystemExit(main())
