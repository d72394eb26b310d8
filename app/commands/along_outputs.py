# SPDX-License-Identifier: GPL-3.0-or-later
"""This module writes the outcome of playing along: the whole, the new music alone, its parts and its notes."""

from __future__ import annotations

import argparse
import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.commands import endings
from app.commands.output_files import Output
from engine.values.play_along import Along, AlongMade, AlongOrder

if TYPE_CHECKING:
    from app.commands.loop_files import Entry, Files
    from engine.library.audiofile import AudioWriter
    from engine.library.carried import Made
    from engine.library.soundfiles import AudioFile
    from engine.values import Clip, Recipe
    from engine.values.play_along import PlayedAlong


class AlongOutputs:
    """These outputs say where the results of each recording go."""

    def __init__(self, arguments: argparse.Namespace, files: Files, suffix: str) -> None:
        ending = f".{arguments.format}"

        def output(given: str | None, ending: str, *, is_folder: bool = False) -> Output | None:
            if given is None:
                return None
            return Output(arguments, files, given, ending, is_folder=is_folder, longest_suffix=suffix)

        self._suffix = suffix
        self._named = {
            "joined": output(arguments.output, ending),
            "new": output(arguments.new, ending),
            "midi": output(arguments.midi, ".mid"),
        }
        self._stems = output(arguments.stems, "", is_folder=True)

    @contextlib.contextmanager
    def opened(self, entry: Entry, sound: AudioFile, order: AlongOrder) -> Iterator[AlongWriting]:
        """Open the files of a recording, which are there once all of them are whole.

        A place that cannot be written is told before minutes of work, not after. Raises StudioError.
        """
        from engine.library.audiofile import writing_audio
        from engine.values import Clip

        there = {name: output for name, output in self._named.items() if output is not None}
        targets = {name: output.place(entry, self._suffix) for name, output in there.items()}
        folder = None
        if self._stems is not None:
            folder = self._stems.places(entry, (self._suffix,))[0]
        recording = Clip(sound.read(0, sound.n_samples), sound.sample_rate)
        total = sound.n_samples + round(order.seconds * sound.sample_rate) * (order.way is Along.CONTINUE)
        with contextlib.ExitStack() as stack:
            stack.enter_context(endings.held())
            outs = {
                name: stack.enter_context(writing_audio(path, sound.sample_rate, sound.n_channels, n_samples=total))
                for name, path in targets.items()
                if name != "midi"
            }
            yield AlongWriting(recording, order, targets, folder, outs)


class AlongWriting:
    """A writing holds the open files of one recording.

    Attributes
    ----------
    targets
        Where they go, by "joined", "new" and "midi".
    stems
        The files of the parts, once they are written.
    """

    def __init__(
        self,
        recording: Clip,
        order: AlongOrder,
        targets: dict[str, Path],
        folder: Path | None,
        outs: dict[str, AudioWriter],
    ) -> None:
        self._order, self._folder, self._outs = order, folder, outs
        self.recording, self.targets = recording, targets
        self.stems: list[str] = []

    @property
    def left_out(self) -> Sequence[str]:
        """Return what the file of the whole has no room for, of what it was to say of itself."""
        return self._outs["joined"].left_out

    def write(self, played: PlayedAlong) -> None:
        """Write all that was asked for. Raises StudioError."""
        from engine.library.carried import said_of
        from engine.session.clip_recipe import recipe_of_clip

        recipe = recipe_of_clip(played.request, played.made, created_utc="")
        for name, out in self._outs.items():
            out.write((played.joined if name == "joined" else played.new).samples)
            out.metadata = said_of(recipe, self._made(is_joined=name == "joined"))
        if "midi" in self.targets:
            self._write_midi(played, recipe)
        if self._folder is not None:
            self._write_stems(self._folder, played, recipe)

    def as_dict(self, played: PlayedAlong) -> dict[str, Any]:
        """Return what was heard and made, ready for JSON."""
        also: dict[str, Any] = {name: str(path) for name, path in self.targets.items() if name != "joined"}
        if self.stems:
            also["stems"] = self.stems
        return {
            "output": str(self.targets["joined"]),
            "way": str(self._order.way),
            "style": played.request.prompt,
            "generator": played.request.generator,
            "model": played.request.model,
            "seed": played.made.seed,
            "sample_rate": played.joined.sample_rate,
            "n_samples": played.joined.n_samples,
            "starts_s": round(played.starts_s, 6),
            "gain_db": round(played.gain_db, 2),
            "joins": [one.as_dict() for one in played.joins],
            "heard": played.heard.as_dict(),
            **also,
        }

    def _made(self, part: str = "", *, is_joined: bool = False) -> Made:
        from engine.library.carried import Made
        from engine.values.asked import content_hash

        return Made(part=part, along=AlongMade.of(self._order, content_hash(self.recording), is_joined=is_joined))

    def _write_midi(self, played: PlayedAlong, recipe: Recipe) -> None:
        from engine.library.carried import midi_texts
        from engine.library.midifile import write_midi

        score = played.made.score
        if score is None:
            return
        rate, total = played.joined.sample_rate, played.joined.n_samples
        whole = score.at_rate(rate, round(score.n_samples * rate / score.sample_rate))
        bars = max(1, round(total / whole.bar_samples))
        placed = whole.placed(round(played.zero_s * rate), round(played.starts_s * rate), total, bars)
        write_midi(str(self.targets["midi"]), placed, texts=midi_texts(recipe, self._made()))

    def _write_stems(self, folder: Path, played: PlayedAlong, recipe: Recipe) -> None:
        from engine.library.carried import said_of
        from engine.library.stems import stem_files, write_stem
        from engine.library.unwritten import make_folder

        make_folder(folder)
        for path, name in stem_files(folder, played.stems).items():
            clip = played.stems[name]
            write_stem(path, clip.samples, clip.sample_rate, is_loop=False, metadata=said_of(recipe, self._made(name)))
            self.stems.append(str(path))


def in_words(played: PlayedAlong) -> str:
    """Return what was heard and made, in a line."""
    heard = played.heard
    tempo = "no pulse" if heard.beats is None else f"{heard.beats.tempo_bpm:.1f} bpm, {heard.beats.metre}"
    words = [f"{played.joined.duration_s:.2f} s", f"heard {tempo}", *([heard.key] if heard.key else [])]
    words.append(f"played as “{played.request.prompt}”, seed {played.made.seed}")
    for join in played.joins:
        step = "" if join.step_lu is None else f", {round(join.step_lu, 1) + 0.0:+.1f} LU"
        before, after = join.centre_hz
        words.append(f"joined at {join.at_s:.2f} s{step}, timbre {before:.0f} to {after:.0f} Hz")
    if played.gain_db:
        words.append(f"all turned down by {-played.gain_db:.1f} dB")
    return ", ".join(words)
