# SPDX-License-Identifier: GPL-3.0-or-later
"""What the sub-commands share: arguments, progress on a terminal, JSON on stdout."""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any

from app import paths, streams
from app.commands import endings
from app.commands.numbers import number, whole
from app.settings import Settings, generator_settings, read_settings
from engine.generators.base import Generation, GeneratorSettings
from engine.values import ClipResult, Progress, SeamProof


def own_settings() -> Settings:
    """What this user's studio has set; what cannot be used of it is told."""
    loaded = read_settings(paths.settings_file())
    if loaded.trouble is not None:
        print(f"infiniloop: {loaded.trouble}", file=sys.stderr)
    return loaded.settings


def own_generator_settings() -> GeneratorSettings:
    """What this user's studio has set about generators; what cannot be used of it is told."""
    return generator_settings(own_settings())


def add_generator_arguments(parser: argparse.ArgumentParser) -> None:
    """PROMPT, --generator, --model, --duration, --seed."""
    parser.add_argument("prompt", metavar="PROMPT", help="what you want to hear, e.g. “lofi calm rap beat, 85 bpm”")
    parser.add_argument(
        "--generator",
        default="composer",
        metavar="NAME",
        help="composer (default), musicgpt, or another one that is installed",
    )
    parser.add_argument("--model", default="", metavar="M", help="the generator's model, e.g. small (its own default)")
    parser.add_argument(
        "--duration",
        type=number,
        default=20.0,
        metavar="S",
        help="about how many seconds a clip lasts (default 20); the composer makes whole bars, what is made is told",
    )
    parser.add_argument("--seed", type=whole, default=None, metavar="N", help="the same seed gives the same samples")


def print_json(value: dict[str, Any]) -> None:
    """One JSON object on stdout, on a line of its own.

    A file name whose bytes are not UTF-8 has a lone surrogate for each such byte, as in Python (PEP 383): \\udcff for
    the byte FF. Where the terminal's encoding lacks a letter, it is escaped likewise.
    """
    text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    if not streams.encodable(text):
        text = json.dumps(value, allow_nan=False)
    sys.stdout.write(text + "\n")


def proof_as_dict(proof: SeamProof) -> dict[str, float]:
    """JSON-ready."""
    return {
        "step": proof.step,
        "slope": proof.slope,
        "dip_db": proof.dip_db,
        "onset": proof.onset,
        "quieter_than": proof.quieter_than,
    }


def ask(question: str) -> bool:
    """Whether somebody at a terminal says yes; False without one."""
    if not (sys.stdin is not None and sys.stdin.isatty() and sys.stderr.isatty()):
        return False
    print(f"{question} [y/N] ", end="", file=sys.stderr, flush=True)
    # Also as Italians and Germans say it.
    return sys.stdin.readline().strip().lower() in ("y", "yes", "s", "si", "sì", "j", "ja")


class ProgressLine:
    """One line on stderr that is written over, when stderr is a terminal."""

    def __init__(self) -> None:
        self._shows = sys.stderr.isatty()
        self._width = 0

    def show(self, text: str) -> None:
        if self._shows:
            print(f"\r{text:<{self._width}}", end="", file=sys.stderr, flush=True)
            self._width = len(text)

    def clear(self) -> None:
        if self._shows and self._width:
            print("\r" + " " * self._width + "\r", end="", file=sys.stderr, flush=True)
            self._width = 0


def describe(progress: Progress) -> str:
    """``composing 40 %, 3 s left``."""
    words = progress.stage
    if progress.fraction is not None:
        words += f" {progress.fraction:.0%}"
    if progress.left_s is not None:
        words += f", {progress.left_s:.0f} s left"
    return words


def describe_length(made: ClipResult, asked_s: float) -> str:
    """``15.74 s (8 whole bars at 122 bpm; 15 s were asked for)``; the seconds alone where they are what was asked."""
    words = f"{made.clip.duration_s:.2f} s"
    asked = f"{asked_s:g} s were asked for"
    if words == f"{asked_s:.2f} s":
        return words
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
