# SPDX-License-Identifier: GPL-3.0-or-later
"""This module writes ``export --pack``: the files that a game, a DAW or a video wants of a loop, each proved."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from app.commands import endings, terminal
from app.commands.licences import LicenceNotes
from app.commands.loop_arguments import Choice, choose
from app.commands.loop_files import Entry, Files
from app.commands.making import metadata_of
from app.commands.output_files import Output
from app.commands.proof import words_of
from engine.errors import OutOfRange
from engine.values import PACKS, MixRecipe, SaveKind, SavePlan, WrittenFile

if TYPE_CHECKING:
    from engine.library.carried import AnyCarried

USUAL_MINUTES = 10.0
MOST_MINUTES = 24 * 60.0


def export_packs(arguments: argparse.Namespace) -> int:
    """Write the packs into the folder. Raises StudioError; a sound that fails leaves no file."""
    minutes = USUAL_MINUTES if arguments.minutes is None else arguments.minutes
    if not 0.0 < minutes <= MOST_MINUTES:
        raise OutOfRange(name="--minutes", value=minutes, low="more than 0", high=MOST_MINUTES)
    plan = SavePlan(SaveKind(arguments.pack), length_s=60.0 * minutes)
    files, notes = Files(arguments), LicenceNotes()
    output = Output(arguments, files, arguments.output, ".wav", is_folder=True)

    def export(entry: Entry) -> None:
        from engine.dsp.seam import Seam
        from engine.library.carried import Made, recipe_of
        from engine.loops.written import prove_written
        from engine.playback.file.extent import Cut
        from engine.playback.file.saving import Saved, as_written, shapes_of, write_files
        from engine.values import MusicFacts

        files.show("reading")
        with files.sound(entry, whole=True) as sound:
            choice = choose(arguments, sound, entry.path, files.show)
            overlap_ms = choice.overlap_ms(arguments.overlap)
            seam = Seam(sound, choice.region, overlap_ms=overlap_ms)
            name = _name(plan, output.stem(entry), choice, recipe_of(entry.path))
            shapes = shapes_of(plan, name, Cut.of(seam))
            paths = output.named(entry, [shape.name for shape in shapes])
            saved = as_written(plan, Saved(seam))
            made = Made(plan, overlap_ms, saved.gain)
            says = {
                shape.name: metadata_of(
                    entry.path,
                    sound,
                    choice,
                    made=made,
                    rhythm_of=(shape.n_samples, shape.sample_rate) if shape.is_loop else None,
                )
                for shape in shapes
            }
            left_out: tuple[tuple[str, ...], ...] = ()
            with endings.held():
                writing = write_files(plan, saved, shapes, paths, lambda shape: says[shape.name])
                try:
                    while True:
                        files.show(f"writing {next(writing):.0%}")
                except StopIteration as done:
                    left_out = done.value
                finally:
                    writing.close()
            written = []
            facts = choice.facts or MusicFacts()
            for path, shape, lacks in zip(paths, shapes, left_out, strict=True):
                files.show(f"listening to {path.name}")
                written.append(prove_written(path, shape, seam, facts, gain=saved.gain, left_out=lacks))
        for one in written:
            files.tell_left_out(Path(one.path), one.left_out)
        notes.tell(entry.path)
        if arguments.json:
            told = {"file": entry.path, "pack": str(plan.kind), **choice.as_dict()}
            terminal.print_json({**told, "files": [_as_dict(one) for one in written]})
            sys.stdout.flush()
        else:
            for one in written:
                files.tell(told_of(one))

    return files.each(export)


def _name(plan: SavePlan, stem: str, choice: Choice, carried: AnyCarried | None) -> str:
    """Return the name of a pack's files, without their endings."""
    from engine.playback.file.saving import described_name

    facts, candidate = choice.facts, choice.candidate
    recipe = None if carried is None or isinstance(carried, MixRecipe) else carried.recipe
    title = stem if recipe is None else recipe.title or stem
    if plan.kind is SaveKind.GAME:
        return stem
    if plan.kind is SaveKind.VIDEO:
        return f"{stem} - {plan.length_s / 60.0:g} min"
    known = (None if recipe is None else recipe.facts, facts)
    tempo_bpm = None if candidate is None else candidate.tempo_bpm
    key = None
    for one in known:
        if one is not None:
            tempo_bpm, key = tempo_bpm or one.tempo_bpm, key or one.key
    return described_name(title, tempo_bpm, key, None if candidate is None else candidate.bars)


def told_of(one: WrittenFile) -> str:
    """Return a line on a written file: how long it is, its loop tags, its seam."""
    words = [f"{one.duration_s:.2f} s"]
    if one.n_samples != one.shape.n_samples:
        words.append(f"{one.shape.n_samples} samples were written and {one.n_samples} are read")
    if one.shape.tagged is not None or not one.are_tags_right:
        words.append("loop tags right" if one.are_tags_right else "its loop tags are wrong")
    if one.proof is not None:
        words.append(f"seam quieter than {int(100.0 * one.proof.quieter_than + 1e-9)} % of its beats")
        words += words_of(one.jumps, one.proof)
    return f"{one.path}: {', '.join(words)}"


def _as_dict(one: WrittenFile) -> dict[str, object]:
    return {
        "output": one.path,
        "sample_rate": one.shape.sample_rate,
        "n_samples": one.n_samples,
        "right": one.is_right,
        "loop": None if one.shape.tagged is None else [one.shape.tagged.loop_start, one.shape.tagged.loop_end],
        "proof": None if one.proof is None else terminal.proof_as_dict(one.proof),
        "jumps": [str(jump) for jump in one.jumps],
    }


def add_pack_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare ``--pack`` and ``--minutes``."""
    from app.commands.numbers import number

    group = parser.add_argument_group("packs, into the folder that -o names; each file is decoded again and proved")
    group.add_argument(
        "--pack",
        choices=[str(one) for one in PACKS],
        help="game: OGG and WAV of intro and loop, tagged; daw: 24 bits, named by tempo and key, intro and outro too; "
        "video: exact minutes with a fade at the end",
    )
    group.add_argument(
        "--minutes", type=number, metavar="M", help=f"how long the video’s music lasts (default {USUAL_MINUTES:g})"
    )
