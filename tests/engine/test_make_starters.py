# SPDX-License-Identifier: GPL-3.0-or-later
"""The starter loops that ship are those that the composer makes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

from engine.dsp.loudness import integrated_lufs, true_peak_db
from engine.library.starters import Starter, load_starters
from engine.make_starters import ORDERS, main, make_starter
from engine.values import LoopRegion
from tests.sampling import some

SHIPPED = Path(__file__).parents[2] / "resources" / "starters"
MAX_BYTES = 2_500_000


@pytest.fixture(scope="module")
def shipped() -> dict[str, Starter]:
    return dict(zip(sorted(path.stem for path in SHIPPED.glob("*.flac")), load_starters(SHIPPED), strict=True))


def test_each_order_ships(shipped: dict[str, Starter]) -> None:
    assert set(shipped) == {order.stem for order in ORDERS}
    assert all((SHIPPED / f"{stem}.flac").stat().st_size < MAX_BYTES for stem in shipped)
    assert all(soundfile.info(SHIPPED / f"{stem}.flac").subtype == "PCM_24" for stem in shipped)


@pytest.mark.parametrize("order", some(ORDERS), ids=lambda order: order.stem)
def test_made_again_it_is_the_same(order: object, shipped: dict[str, Starter]) -> None:
    starter = next(one for one in ORDERS if one == order)
    clip, recipe = make_starter(starter)
    ships = shipped[starter.stem]
    assert ships.clip.sample_rate == clip.sample_rate
    assert ships.clip.samples.shape == clip.samples.shape
    # Another processor's matrix products add up in another order: measured, 73 dB below the music, everywhere.
    difference = (ships.clip.samples - clip.samples).astype(np.float64)
    assert np.sqrt(np.mean(difference**2)) < 1e-3 * np.sqrt(np.mean(ships.clip.samples.astype(np.float64) ** 2))
    assert np.abs(difference).max() < 1e-3
    for field in ("prompt", "title", "artist", "facts", "seed", "wraps", "versions"):
        assert getattr(ships.recipe, field) == getattr(recipe, field), field


@pytest.mark.parametrize("order", ORDERS, ids=lambda order: order.stem)
def test_it_is_a_good_loop(order: object, shipped: dict[str, Starter]) -> None:
    ordered = next(one for one in ORDERS if one == order)
    starter = shipped[ordered.stem]
    recipe, clip = starter.recipe, starter.clip
    assert recipe.loop.region == LoopRegion(0, clip.n_samples)
    assert recipe.loop.bars == recipe.facts.bars == ordered.bars
    assert recipe.loop.score > 0.95
    assert not recipe.loop.weak
    assert clip.wraps
    assert integrated_lufs(clip) == pytest.approx(-16.0, abs=0.1)
    assert true_peak_db(clip) <= -0.99


@pytest.mark.soak
@pytest.mark.parametrize("expected_logs", [["usage:"]])
def test_the_command(tmp_path: Path, expected_logs: list[str]) -> None:
    done = subprocess.run([sys.executable, "-m", "engine.make_starters", str(tmp_path)], check=False)
    assert done.returncode == 0
    for order in ORDERS:
        assert json.loads((tmp_path / f"{order.stem}.json").read_text("utf-8"))["prompt"] == order.prompt
        assert (tmp_path / f"{order.stem}.flac").stat().st_size < MAX_BYTES
    assert main([]) == 2
    assert main([str(tmp_path / "missing")]) == 2
