# SPDX-License-Identifier: GPL-3.0-or-later
"""The sub-commands share these parts: arguments, progress on a terminal, JSON on stdout."""

from __future__ import annotations

import argparse
import json
import sys
import textwrap
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from app import paths, streams
from app.commands import dry_run, endings
from app.commands.earlier import family_after
from app.commands.numbers import number, whole
from app.commands.preset_arguments import add_preset_argument, settled
from app.commands.remote_arguments import add_remote_arguments
from app.engine_settings import generator_settings
from app.settings import Settings, read_settings
from engine.errors import GivenTwice, OutOfRange, UnknownChoice
from engine.values import (
    ClipRequest,
    ClipResult,
    Guide,
    Parameters,
    ParameterValue,
    Progress,
    ReadingKind,
    SeamProof,
)
from engine.values.options import DURATION

if TYPE_CHECKING:
    from engine.generators.base import Generation, Generator, GeneratorSettings


def own_settings() -> Settings:
    """Return what this user's studio has set; what cannot be used of it is told."""
    loaded = read_settings(paths.settings_file())
    if loaded.trouble is not None:
        print(f"infiniloop: {loaded.trouble}", file=sys.stderr)
    return loaded.settings


def own_generator_settings() -> GeneratorSettings:
    """Return what the person's settings say of the generators."""
    return generator_settings(own_settings())


def machine_settings(generator: Generator) -> GeneratorSettings:
    """Return what this user's studio has set up of a generator, not of its music; what cannot be used is told."""
    settings = generator_settings(own_settings())
    of_machine = {one.name for one in generator.capabilities().parameters if one.setup}
    kept = {name: value for name, value in settings.of(generator.name).items() if name in of_machine}
    return replace(settings, parameters={generator.name: Parameters(kept)})


def asked(arguments: argparse.Namespace) -> tuple[ClipRequest, Generator, GeneratorSettings]:
    """Return the request that the arguments of ``add_generator_arguments`` make, its generator, and what is set of it.

    ``arguments`` then say the prompt, model and duration that were settled, too. Raises UserError where the generator
    does not take it.
    """
    from engine.generators.registry import generator_named
    from engine.generators.requests import check_request, completed, with_values
    from engine.generators.standard import SEED, STANDARD, all_parameters, key_named, refuse_nothing_asked

    wanted, of_preset = settled(arguments)
    arguments.prompt, arguments.model, arguments.duration = wanted.prompt, wanted.model, wanted.duration_s
    generator = generator_named(wanted.generator)
    values: dict[str, ParameterValue] = {}
    if arguments.seed is not None:
        if arguments.seed == SEED.default:
            raise OutOfRange(name=SEED.name, value=arguments.seed, low=int(SEED.low), high=int(SEED.high))
        values[SEED.name] = arguments.seed
    for name in ("negative_prompt", "bars", "bpm", "metre", "chords", "layer", "evolve"):
        if getattr(arguments, name) is not None:
            values[name] = getattr(arguments, name)
    refuse_nothing_asked(values, STANDARD)
    if arguments.key is not None:
        values["key"] = key_named(arguments.key)
    declared = {one.name: one for one in all_parameters(generator.capabilities())}
    for name, text in arguments.set or ():
        if name not in declared:
            choices = ", ".join(declared) or "none: it has none"
            raise UnknownChoice(name=f"parameter of {generator.title}", value=name, choices=choices)
        if name in values:
            raise GivenTwice(name=name)
        values[name] = declared[name].read(text)
    refuse_nothing_asked(values, tuple(declared.values()))
    given, values = set(values), {**of_preset, **values}
    settings = machine_settings(generator).with_values(generator.name, values)
    request = ClipRequest(1, wanted.prompt, generator.name, wanted.model, wanted.duration_s)
    if getattr(arguments, "beats", None) is not None:
        request = replace(request, guide=_guide(arguments, values))
        said = {"chords", "metre"} | ({"bars", "bpm"} - given)
        values = {name: value for name, value in values.items() if name not in said}
    request = completed(with_values(request, values), generator, settings)
    request = replace(request, variation=getattr(arguments, "variation", 0))
    if getattr(arguments, "after", None) is not None:
        request = replace(request, follows=family_after(arguments.after, generator, own_settings()))
    check_request(request, generator)
    if dry_run.is_on():
        generator.check(settings)
        tell_asked(request, generator)
    return request, generator, settings


def tell_asked(request: ClipRequest, generator: Generator) -> None:
    """Note in a dry run what would be made."""
    from engine.generators.wire.requests import request_as_dict

    prompt = textwrap.shorten(request.prompt, 60, placeholder="…")
    bars = "1 bar" if request.bars == 1 else f"{request.bars} bars"
    lasts = bars if request.bars is not None else f"about {request.duration_s:g} s"
    asked_for = {name: value for name, value in request_as_dict(request).items() if value not in (None, "", {}, [])}
    dry_run.about(f"“{prompt}” by {generator.title}, {lasts}", generator=generator.name, request=asked_for)


def _guide(arguments: argparse.Namespace, values: dict[str, ParameterValue]) -> Guide:
    """Return the chords along the beats in the file that was named. Raises UserError."""
    from engine.generators.guides import chords_read, on_beats, read_beats
    from engine.generators.standard import CHORDS, METRE

    metre = str(METRE.checked(values.get("metre", METRE.default)))
    beats = read_beats(arguments.beats, metre=metre or None)
    chords = str(values.get("chords", CHORDS.default))
    return on_beats(chords_read(chords) if chords else None, beats)


def assignment(text: str) -> tuple[str, str]:
    """Read ``NAME=VALUE``, for argparse."""
    name, equals, value = text.partition("=")
    if not equals or not name.strip():
        raise argparse.ArgumentTypeError(f"“{text}” is no setting: write NAME=VALUE")
    return name.strip(), value


def add_generator_arguments(parser: argparse.ArgumentParser, *, n_prompts: str = "?") -> None:
    """Declare PROMPT, --preset, --generator, --model, --duration, --remote, and what a generator may take besides.

    ``n_prompts`` says how many prompts there may be, as argparse's ``nargs``.
    """
    parser.add_argument(
        "prompt", nargs=n_prompts, metavar="PROMPT", help="what you want to hear, e.g. “lofi calm rap beat, 85 bpm”"
    )
    add_preset_argument(parser)
    parser.add_argument(
        "--generator",
        default="",
        metavar="NAME",
        help="composer (which needs nothing, and is the default), musicgpt, musicgen, acestep, stableaudio, "
        "stableaudiosmall, stableaudio3, remote (another machine), or another that is installed",
    )
    parser.add_argument("--model", default="", metavar="M", help="the generator's model, e.g. small (its own default)")
    parser.add_argument(
        "--duration",
        type=number,
        metavar="S",
        help=f"about how many seconds a clip lasts, {DURATION.low:g}–{DURATION.high:g} (default {DURATION.default:g}), "
        "with some models longer; the composer makes whole bars, what is made is told",
    )
    add_remote_arguments(parser)
    taken = parser.add_argument_group("what some generators take", "one that does not take it says so")
    taken.add_argument("--seed", type=whole, metavar="N", help="the same seed gives the same samples")
    taken.add_argument("--negative-prompt", metavar="TEXT", help="what is not to be heard")
    taken.add_argument("--bars", type=whole, metavar="N", help="exactly so many bars, 1–64, in the place of --duration")
    taken.add_argument("--bpm", type=number, metavar="T", help="the tempo, 30–300, whatever the prompt says")
    taken.add_argument("--key", metavar="KEY", help="the key, e.g. “A minor” or “F#m”, whatever the prompt says")
    taken.add_argument("--metre", metavar="M", help="the metre, e.g. 3/4 or 7/8, whatever the prompt says")
    taken.add_argument(
        "--layer",
        metavar="NAMES",
        help="which parts are heard: everything (default), drums (kit, percussion), instruments (bass, chords, arp, "
        "pad, lead, counter, noise), or some of them: drums,bass",
    )
    taken.add_argument(
        "--chords",
        metavar="TEXT",
        help="play along with these chords: a bar for each, or bars between bar lines: “Am | F C | G7”",
    )
    taken.add_argument(
        "--evolve", type=number, metavar="E", help="how far a clip moves from the one before, 0 (stay) to 1 (wander)"
    )
    taken.add_argument(
        "--set",
        type=assignment,
        action="append",
        metavar="NAME=VALUE",
        help="a parameter of the generator’s own; give it again for another one",
    )


def print_json(value: dict[str, Any]) -> None:
    """Print one JSON object on stdout, on a line of its own.

    A file name whose bytes are not UTF-8 has a lone surrogate for each such byte, as in Python (PEP 383): \\udcff for
    the byte FF. Where the terminal's encoding lacks a letter, it is escaped likewise.
    """
    text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    if not streams.encodable(text):
        text = json.dumps(value, allow_nan=False)
    sys.stdout.write(text + "\n")


def print_failure(error: Exception, **where: Any) -> None:
    """Print what failed as one JSON object on stdout, beside the sentence on stderr; ``where`` says of what."""
    print_json({**where, "error": {"kind": type(error).__name__, "message": str(error)}})
    sys.stdout.flush()


def proof_as_dict(proof: SeamProof) -> dict[str, float]:
    """Return the proof's figures, ready for JSON."""
    return {
        "step": proof.step,
        "slope": proof.slope,
        "dip_db": proof.dip_db,
        "onset": proof.onset,
        "quieter_than": proof.quieter_than,
    }


def address_to_tell(url: str, token_file: str | None) -> str:
    """Return a page's address as stderr is told it: without its token where that is no terminal, but perhaps a log."""
    where, _, secret = url.partition("?")
    return url if not secret or sys.stderr.isatty() else f"{where}, with the token in {token_file}"


def can_ask() -> bool:
    """Return whether somebody sits at a terminal."""
    return sys.stdin is not None and sys.stdin.isatty() and sys.stderr.isatty()


def ask(question: str) -> bool:
    """Ask at the terminal, and return whether the answer is yes; False without a terminal."""
    if not can_ask():
        return False
    print(f"{question} [y/N] ", end="", file=sys.stderr, flush=True)
    # Also as Italians and Germans say it.
    return sys.stdin.readline().strip().lower() in ("y", "yes", "s", "si", "sì", "j", "ja")


class ProgressLine:
    """A progress line on stderr is written over and over, when stderr is a terminal."""

    def __init__(self) -> None:
        self._shows = sys.stderr.isatty()
        self._width = 0

    def show(self, text: str) -> None:
        if not text:
            # What is printed next begins where a line does.
            self.clear()
        elif self._shows:
            print(f"\r{text:<{self._width}}", end="", file=sys.stderr, flush=True)
            self._width = len(text)

    def clear(self) -> None:
        if self._shows and self._width:
            print("\r" + " " * self._width + "\r", end="", file=sys.stderr, flush=True)
            self._width = 0


def describe(progress: Progress) -> str:
    """Return words like ``composing 40 %, 3 s left``."""
    words = progress.stage
    if progress.fraction is not None:
        words += f" {progress.fraction:.0%}"
    if progress.left_s is not None:
        words += f", {progress.left_s:.0f} s left"
    return words


def tell_what_is_read(request: ClipRequest, generator: Generator, settings: GeneratorSettings) -> None:
    """Tell on stderr what of the prompt is not known or cannot be had, and which own files cannot be used."""
    for problem in generator.problems(settings):
        print(f"infiniloop: {problem}", file=sys.stderr)
    for one in generator.understand(request.prompt, settings):
        if isinstance(one, str):
            continue
        if one.kind is ReadingKind.REFUSED:
            print(f"infiniloop: {one.note or one.text}", file=sys.stderr)
        elif one.kind is ReadingKind.NEAREST:
            print(f"infiniloop: taken for what is known: {one.text}", file=sys.stderr)
        elif one.kind is ReadingKind.UNKNOWN:
            print(f"infiniloop: not known, and left out: “{one.text.removesuffix('?')}”", file=sys.stderr)


def describe_length(made: ClipResult, asked_s: float | None) -> str:
    """Return words like ``15.74 s (8 whole bars at 122 bpm; 15 s were asked for)``, or the seconds alone."""
    words = f"{made.clip.duration_s:.2f} s"
    if asked_s is not None and words == f"{asked_s:.2f} s":
        return words
    # None: bars were asked for, and are told.
    asked = "as asked for" if asked_s is None else f"{asked_s:g} s were asked for"
    facts = made.facts
    if facts.bars and facts.tempo_bpm:
        bars = "1 whole bar" if facts.bars == 1 else f"{facts.bars} whole bars"
        return f"{words} ({bars} at {facts.tempo_bpm:.5g} bpm; {asked})"
    return f"{words} ({asked})"


def finish(generation: Generation, line: ProgressLine, prefix: str = "") -> ClipResult:
    """Run a generation to its end, showing progress; closing it however this ends."""
    try:
        while True:
            endings.checkpoint()
            line.show(prefix + describe(next(generation)))
    except StopIteration as stop:
        result: ClipResult = stop.value
        return result
    finally:
        generation.close()
        line.clear()
