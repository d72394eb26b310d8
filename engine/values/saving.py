# SPDX-License-Identifier: GPL-3.0-or-later
"""These values say what is to be saved of a loop, and what was found when the written files were decoded again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

from engine.values.audio import LoopRegion
from engine.values.checked import Fields
from engine.values.loops import SeamProof

MOST_TURNS = 1_000_000
"""Largest number of turns that a loop is written with."""
MOST_LENGTH_S = 24 * 3600.0
"""Longest sound that is written, seconds."""
LEAST_RATE, MOST_RATE = 8_000, 192_000
"""Bounds of the sample rate at which a loop is written, Hz."""


class SaveKind(StrEnum):
    """A kind says which files are made of a loop."""

    LOOP = "loop"
    """One turn of the loop, which repeats without a seam."""
    TURNS = "turns"
    """The intro, so many turns, then a fade or the outro."""
    LENGTH = "length"
    """The intro and turns that last exactly so long, with a fade at their end."""
    SPLIT = "split"
    """Intro, loop and outro as a file each."""
    GAME = "game"
    """Intro and loop as OGG with LOOPSTART and LOOPLENGTH, and as WAV with ``smpl``."""
    DAW = "daw"
    """Loop, intro and outro as WAV of 24 bits, with tempo and key in their names."""
    VIDEO = "video"
    """WAV of whole minutes, to the sample, with a fade at their end."""


PACKS = (SaveKind.GAME, SaveKind.DAW, SaveKind.VIDEO)


@dataclass(frozen=True, slots=True)
class SavePlan:
    """A plan says what is saved of a loop.

    Attributes
    ----------
    ending
        Of the format, with its dot; packs have their own.
    bits
        "16", "24" or "32f"; "" is 24 where the format has a choice.
    sample_rate
        Hz, of a loop alone; 0 is the clip's own.
    turns
        At least 1.
    fade_s
        Seconds of the fade at the end; None ends turns with the sound's own outro, and a length with the usual fade.
    length_s
        Seconds of a length or of a video's music.
    """

    kind: SaveKind = SaveKind.LOOP
    ending: str = ".wav"
    bits: str = ""
    sample_rate: int = 0
    turns: int = 4
    fade_s: float | None = None
    length_s: float = 60.0

    def as_dict(self) -> dict[str, Any]:
        """Return what matters of the plan, ready for JSON."""
        every: dict[str, Any] = {"kind": str(self.kind), "sample_rate": self.sample_rate or None}
        if self.kind is SaveKind.TURNS:
            every |= {"turns": self.turns, "fade_s": self.fade_s}
        if self.kind in (SaveKind.LENGTH, SaveKind.VIDEO):
            every |= {"length_s": self.length_s, "fade_s": self.fade_s}
        return {name: value for name, value in every.items() if value is not None}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Return the inverse of ``as_dict``. Raises ValueError for fields that are mistyped or out of bounds."""
        fields = Fields.of(data)
        has = fields.has
        return cls(
            kind=SaveKind(fields.text("kind")),
            sample_rate=fields.whole("sample_rate", LEAST_RATE, MOST_RATE) if has("sample_rate") else 0,
            turns=fields.whole("turns", 1, MOST_TURNS) if has("turns") else 4,
            fade_s=fields.number("fade_s", 0.0, MOST_LENGTH_S) if has("fade_s") else None,
            length_s=fields.number("length_s", 0.0, MOST_LENGTH_S) if has("length_s") else 60.0,
        )


class Jump(StrEnum):
    """A jump is what a listener notices at a seam."""

    CLICK = "click"
    BUMP = "bump"
    DIP = "dip"
    BEAT = "beat"


@dataclass(frozen=True, slots=True)
class FileShape:
    """The shape of a file that is written: how it is encoded, how long it is, and where it loops.

    Attributes
    ----------
    name
        With its ending.
    bits
        "16", "24", "32f" or "" as in ``SavePlan``.
    tagged
        Region that its loop tags name; None for a file without them.
    proved
        Region whose seam is heard, in the file or when it is repeated; None where nothing repeats.
    """

    name: str
    sample_rate: int
    n_channels: int
    n_samples: int
    bits: str = ""
    tagged: LoopRegion | None = None
    proved: LoopRegion | None = None

    @property
    def is_loop(self) -> bool:
        """Return whether it is a loop as a whole."""
        return self.tagged is not None and self.tagged.n_samples == self.n_samples


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """A file was written and decoded again.

    Attributes
    ----------
    shape
        As it was meant to be.
    n_samples
        As many as were decoded.
    are_tags_right
        Whether its loop tags name the region that they should, or none where there should be none.
    proof, jumps
        Of its seam; None and empty where it has none, or where it is too short or too quiet to be heard.
    left_out
        What of its texts and pictures the format has no room for, in words.
    """

    path: str
    shape: FileShape
    n_samples: int
    are_tags_right: bool
    proof: SeamProof | None = None
    jumps: tuple[Jump, ...] = ()
    left_out: tuple[str, ...] = ()

    @property
    def duration_s(self) -> float:
        """Return how long it is, seconds."""
        return self.n_samples / self.shape.sample_rate

    @property
    def is_right(self) -> bool:
        """Return whether it has the samples and the loop tags that it should."""
        return self.are_tags_right and self.n_samples == self.shape.n_samples
