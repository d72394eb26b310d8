# SPDX-License-Identifier: GPL-3.0-or-later
"""A batch is what ``generate --from`` makes: clips of many prompts in a folder, gone on with where it was cut.

``LISTED`` in the folder tells what was made, a line for each clip. One is noted before its file appears, which it does
at once and whole: a clip is there when it is noted and its file is there.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import os
import sys
import textwrap
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from app.commands import dry_run, endings, terminal
from app.commands.name_pattern import FIELDS, USUAL, Later, Value, file_name, name_pattern
from app.commands.numbers import whole
from app.commands.output_files import FORMATS, refuse_to_replace
from app.commands.preset_arguments import settled
from app.commands.text_input import text_of
from engine.errors import (
    EmptyPrompt,
    GivenTwice,
    NeedsBatch,
    OfOneClip,
    OutOfRange,
    StudioError,
    cannot_write,
)
from engine.errors.requests import exit_code_of
from engine.library.unwritten import NotWritten, make_folder
from engine.values import ClipRequest, Misfit

if TYPE_CHECKING:
    from app.commands.made_clip import MadeClip
    from engine.generators.base import Generator, GeneratorSettings

LISTED = "clips.jsonl"
"""Name of the file that lists the clips of a batch, in its folder."""
MOST_CLIPS = 10_000
"""Largest number of clips of one batch."""
_OF_ONE = ("midi", "stems", "after", "beats")
_OF_BATCH = ("count", "name", "format")


@dataclass(frozen=True, eq=False, slots=True)
class Wanted:
    """A wanted clip of a batch: its number, from 1 on, and the request for it; or why there is none."""

    number: int
    arguments: argparse.Namespace
    asked: tuple[ClipRequest, Generator, GeneratorSettings] | None = None
    error: StudioError | None = None


def add_batch_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare ``--from`` and what belongs to it."""
    batch = parser.add_argument_group("many clips", "-o is their folder; begun again, it goes on where it was cut")
    batch.add_argument(
        "--from",
        dest="prompts",
        metavar="FILE",
        help="make clips of each line of a text file (“-”: of what is piped in); lines that begin with # are left out",
    )
    batch.add_argument("--count", type=whole, metavar="N", help="so many clips of each prompt (default 1)")
    batch.add_argument(
        "--name",
        type=name_pattern,
        metavar="PATTERN",
        help=f"how the files are named (default “{USUAL}”): with {{n}}, {{prompt}}, {{title}}, {{style}}, {{bpm}}, "
        "{key}, {bars}, {seed}, {generator}, {model}",
    )
    batch.add_argument("--format", choices=FORMATS, help="of the files (default wav)")


def refuse_batch_alone(arguments: argparse.Namespace) -> None:
    """Raise NeedsBatch for what belongs to ``--from`` and is given without it."""
    for name in _OF_BATCH:
        if getattr(arguments, name) is not None:
            raise NeedsBatch(option=f"--{name}")


def run_batch(arguments: argparse.Namespace) -> int:
    """Make all clips that are not there yet; one that fails is told and the others go on. Return the exit code."""
    for name in _OF_ONE:
        if getattr(arguments, name) is not None:
            raise OfOneClip(option=f"--{name}")
    if arguments.variation:
        raise OfOneClip(option="--variation")
    folder = Path(arguments.output)
    wanted = list(_wanted(arguments, prompts_in(arguments.prompts)))
    with Listing(folder) as listing:
        return _make_all(wanted, folder, listing)


def prompts_in(path: str) -> list[str]:
    """Return the prompts of a text file, or of stdin for “-”. Raises CannotRead, EmptyPrompt."""
    prompts = words_in(path)
    if not prompts:
        raise EmptyPrompt
    return prompts


def words_in(path: str) -> list[str]:
    """Return what a text file has, a line each, or stdin for “-”, without lines of comments. Raises CannotRead."""
    lines = [line.strip() for line in text_of(path).splitlines()]
    return [line for line in lines if line and not line.startswith("#")]


def _wanted(arguments: argparse.Namespace, prompts: list[str]) -> Iterator[Wanted]:
    if arguments.prompt is not None:
        raise GivenTwice(name="the prompt (by itself, and with --from)")
    count = 1 if arguments.count is None else arguments.count
    if not 1 <= count <= MOST_CLIPS // len(prompts):
        raise OutOfRange(name="--count", value=count, low=1, high=max(1, MOST_CLIPS // len(prompts)))
    number = 0
    for prompt in prompts:
        for at in range(count):
            number += 1
            one = argparse.Namespace(**vars(arguments))
            one.prompt = prompt
            try:
                request, generator, settings = terminal.asked(one)
            except StudioError as error:
                yield Wanted(number, one, error=error)
                continue
            if at == 0:
                terminal.tell_what_is_read(request, generator, settings)
            if request.seed is not None:
                # One seed would make the same clip each time.
                request = replace(request, seed=request.seed + number - 1)
            yield Wanted(number, one, (request, generator, settings))


class Listing:
    """The listing of a batch's folder, which is made if it is not there.

    Raises StudioError where the folder cannot be written.
    """

    def __init__(self, folder: Path) -> None:
        self._folder, self._path = folder, folder / LISTED
        self._noted: dict[int, dict[str, Any]] = {}
        make_folder(folder)
        try:
            self._file: TextIO = io.StringIO() if dry_run.is_on() else self._path.open("a+", encoding="utf-8")
            text = self._path.read_text(encoding="utf-8") if self._path.exists() else ""
        except OSError as error:
            raise cannot_write(str(self._path), error) from error
        for line in text.splitlines():
            try:
                one = json.loads(line)
                self._noted[int(one["n"])] = one
            except (ValueError, KeyError, TypeError):
                # The last line of one that was killed; its clip is made again.
                continue
        if text and not text.endswith("\n"):
            self._file.write("\n")

    def __enter__(self) -> Listing:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def made(self, number: int, digest: str) -> dict[str, Any] | None:
        """Return what was told of a clip that is there, by the same request; None where it is to be made."""
        one = self._noted.get(number)
        if one is None or one.get("asked") != digest:
            return None
        # The folder may have been moved.
        return one if (self._folder / Path(str(one.get("file"))).name).is_file() else None

    def note(self, told: dict[str, Any]) -> None:
        """Note a clip, before its file appears. Raises StudioError."""
        try:
            self._file.write(json.dumps(told, ensure_ascii=False) + "\n")
            self._file.flush()
            os.fsync(self._file.fileno())
        except OSError as error:
            raise cannot_write(str(self._path), error) from error


def _make_all(wanted: list[Wanted], folder: Path, listing: Listing) -> int:
    n_made, n_there, began_s = 0, 0, time.monotonic()
    errors: list[Exception] = []
    for at, one in enumerate(wanted):
        left = ""
        if n_made:
            left = f", {_time((time.monotonic() - began_s) / n_made * (len(wanted) - at))} left in all"
        prefix = f"{one.number}/{len(wanted)}{left}: "
        dry_run.forget()
        try:
            if one.error is not None or one.asked is None:
                raise one.error or EmptyPrompt()
            digest = _digest(one.asked[0])
            told = listing.made(one.number, digest)
            if told is not None:
                n_there += 1
            else:
                told = _make(one, folder, listing, digest, prefix)
                n_made += 1
        except NotWritten as stopped:
            n_made += 1
            dry_run.tell(stopped, n=one.number)
            continue
        except StudioError as error:
            errors.append(error)
            prompt = textwrap.shorten(one.arguments.prompt, 40, placeholder="…")
            print(f"infiniloop: clip {one.number}, “{prompt}”: {error}", file=sys.stderr)
            dry_run.fails()
            if one.arguments.json:
                terminal.print_failure(error, n=one.number, prompt=one.arguments.prompt)
            continue
        if one.arguments.json:
            terminal.print_json(told)
    would_be = "would be " if dry_run.is_on() else ""
    said = [f"{'1 clip' if n_made == 1 else f'{n_made} clips'} {would_be}made in {folder}"]
    said += [f"{n_there} were there"] if n_there else []
    said += [f"{len(errors)} failed"] if errors else []
    print(", ".join(said), file=sys.stderr)
    return exit_code_of(errors)


def _make(one: Wanted, folder: Path, listing: Listing, digest: str, prefix: str) -> dict[str, Any]:
    from app.commands.made_clip import made_clip
    from engine.library.audiofile import writing_audio
    from engine.values.audio import STUDIO_SAMPLE_RATE

    assert one.asked is not None
    request, generator, settings = one.asked
    arguments = one.arguments
    if dry_run.is_on():
        _stop(one, folder)
    with endings.held():
        clip = made_clip(request, settings, arguments, Misfit(settled(arguments)[0].misfit), prefix=prefix)
        path = folder / file_name(arguments.name or USUAL, _values(one.number, clip), f".{arguments.format or 'wav'}")
        refuse_to_replace([path], force=arguments.force, may_ask=False)
        with writing_audio(path, STUDIO_SAMPLE_RATE, 2, n_samples=clip.made.clip.n_samples) as out:
            clip.write(out)
            told = {"n": one.number, "asked": digest, **clip.as_dict(str(path), generator)}
            listing.note(told)
    if not arguments.json:
        print(f"{path}: {clip.in_words()}", file=sys.stderr)
    return told


def _stop(one: Wanted, folder: Path) -> None:
    """Raise NotWritten for a clip of a dry run, whose name says what is known before it is made. Raises StudioError."""
    assert one.asked is not None
    request, arguments = one.asked[0], one.arguments
    values: dict[str, Value] = {field: Later() for field in FIELDS}
    values |= {"n": one.number, "prompt": request.prompt, "generator": request.generator, "model": request.model}
    if request.seed is not None:
        values["seed"] = request.seed
    path = folder / file_name(arguments.name or USUAL, values, f".{arguments.format or 'wav'}")
    refuse_to_replace([path], force=arguments.force, may_ask=False)
    terminal.tell_asked(*one.asked[:2])
    dry_run.stop(path)


def _values(number: int, clip: MadeClip) -> dict[str, Value]:
    """Return what a name may say of a clip (``name_pattern.FIELDS``)."""
    facts, recipe = clip.made.facts, clip.recipe
    return {
        "n": number,
        "prompt": recipe.prompt,
        "title": recipe.title,
        "style": facts.tags[0] if facts.tags else "",
        "generator": recipe.generator,
        "model": recipe.model,
        "seed": clip.made.seed,
        "bpm": facts.tempo_bpm,
        "key": facts.key or "",
        "bars": facts.bars,
    }


def _digest(request: ClipRequest) -> str:
    """Return a word for what was asked for: another request has another one."""
    from engine.generators.wire.requests import request_as_dict

    text = json.dumps({"generator": request.generator, **request_as_dict(request)}, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _time(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 90.0 else f"{seconds / 60.0:.0f} min"
