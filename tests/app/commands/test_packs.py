# SPDX-License-Identifier: GPL-3.0-or-later
"""``export --pack`` writes proved files, and ``recipe`` makes what a file carries again, to the sample."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from engine.library.carried import Carried, recipe_of
from engine.library.looptags import read_loop_tags
from engine.values import LoopRegion
from tests.app.commands.running import RATE, fails, infiniloop, music, read, tells, works, write


def test_a_pack_is_written_proved_and_not_over_what_is_there(tmp_path: Path) -> None:
    path, folder = write(tmp_path / "music.wav", music()), tmp_path / "pack"
    (told,) = tells("export", path, "--pack", "game", "--loop", "2", "6", "-o", folder)
    assert [(Path(one["output"]).name, one["right"]) for one in told["files"]] == [
        ("music.ogg", True),
        ("music.wav", True),
    ]
    assert all(one["proof"]["quieter_than"] > 0.5 for one in told["files"])
    assert read_loop_tags(folder / "music.ogg") == (LoopRegion(2 * RATE, 6 * RATE),)
    assert len(read(folder / "music.wav")) == 6 * RATE
    fails("export", path, "--pack", "game", "--loop", "2", "6", "-o", folder, words=("music.ogg", "--force"))


@pytest.mark.soak
def test_what_a_file_carries_is_compared_and_made_again(tmp_path: Path) -> None:
    clip, loop, same = (tmp_path / name for name in ("clip.wav", "loop.flac", "same.flac"))
    works("generate", "drums, 2 bars, 180 bpm", "--seed", "5", "-o", clip)
    works("export", clip, "-o", loop)
    done = infiniloop("recipe", loop, "--again", "-o", same)
    assert (done.returncode, "the same as" in done.stderr) == (0, True)
    assert np.abs(read(same) - read(loop)).max() <= 2.0**-22
    (told,) = tells("recipe", clip, loop)
    differing = {one["name"]: (one["left"], one["right"]) for one in told["lines"] if one["differs"]}
    assert differing["file"] == ("clip", "loop")
    assert "seed" not in differing
    carried = recipe_of(same)
    assert isinstance(carried, Carried)
    assert (carried.recipe.seed, carried.recipe.prompt) == (5, "drums, 2 bars, 180 bpm")
    assert str(tmp_path) not in str(carried), "no path of the machine is inside"
