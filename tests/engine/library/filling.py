# SPDX-License-Identifier: GPL-3.0-or-later
"""This program fills a small disk: ``python -m tests.engine.library.filling FOLDER``, FOLDER on a disk of 256 KiB."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from engine.errors import CannotWrite
from engine.library.audiofile import read_clip, write_clip
from engine.library.takes import TakeLibrary
from tests.engine.library.making import noise_clip, recipe


def main(folder: Path) -> int:
    """Return how many takes fitted."""
    for ending in ("wav", "flac", "ogg"):
        path = folder / f"clip.{ending}"
        write_clip(path, noise_clip(100))
        with pytest.raises(CannotWrite, match="No space left on device"):
            write_clip(path, noise_clip(400_000))
        assert read_clip(path).n_samples == 100
        path.unlink()
    assert list(folder.iterdir()) == []

    with TakeLibrary(folder) as library:
        n_added = 0
        with pytest.raises(CannotWrite, match=r"No space left|full"):  # noqa: PT012
            while True:
                # Each a different size, so that different steps meet the end.
                library.add(noise_clip(1500 + n_added), recipe())
                n_added += 1
        takes = library.takes()
        assert len(takes) == library.n_takes == n_added
        for take in takes:
            library.load(take.take_id)
        library.remove(takes[0].take_id)
        library.add(noise_clip(100), recipe())
    with TakeLibrary(folder) as library:
        assert library.n_takes == n_added
    assert len(list((folder / "takes").iterdir())) == 2 * n_added
    return n_added


if __name__ == "__main__":
    sys.stdout.write(f"{main(Path(sys.argv[1]))}\n")
