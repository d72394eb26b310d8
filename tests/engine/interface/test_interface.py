# SPDX-License-Identifier: GPL-3.0-or-later
"""Scripts and notebooks make, find, bake, save, render and hear music by a few functions of ``engine`` itself."""

from __future__ import annotations

import base64
import inspect
import io
import subprocess
import sys
import time
import wave
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import psutil
import pytest
import soundfile

import engine
from app.main import main
from engine import ClipWithRecipe, LoopWithRecipe, StudioError, bake, find_loops, make_clip, play, render, save
from engine.errors import OutOfRange, UnknownChoice
from engine.interface import shown
from engine.library.carried import Carried, recipe_of
from engine.library.looptags import read_loop_tags
from engine.values import Clip, LoopRegion
from tests.engine.loops.material import groove
from tests.listening import find_faults
from tests.soundserver import SAMPLE_RATE, SoundServer

PROMPT = "house <loud> & warm, 120 bpm"


@pytest.fixture(scope="module")
def clip() -> ClipWithRecipe:
    return make_clip(PROMPT, seed=7, duration_s=8)


@pytest.fixture(scope="module")
def loop(clip: ClipWithRecipe) -> LoopWithRecipe:
    return bake(clip, find_loops(clip).candidates[-1], overlap_ms=40)


class Shown(HTMLParser):
    """A browser that keeps the tags, the words and the sound of what it is shown."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: dict[str, dict[str, str | None]] = {}
        self.open: list[str] = []
        self.words = ""
        self.feed(html)
        self.close()
        assert self.open == [], "a tag is not closed"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] = dict(attrs)
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words += data

    @property
    def sound(self) -> tuple[wave._wave_params, bytes]:
        head, _, data = str(self.tags["audio"]["src"]).partition(",")
        assert head == "data:audio/wav;base64"
        with wave.open(io.BytesIO(base64.b64decode(data))) as file:
            return file.getparams(), file.readframes(file.getnframes())


def test_nothing_is_loaded_before_it_is_asked_for() -> None:
    code = "import sys, engine; print(len([one for one in sys.modules if one.startswith(('engine.', 'numpy'))]))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "0"


def test_every_name_is_there_and_documented() -> None:
    assert set(engine.NAMES) <= set(dir(engine))
    for name, module in engine.NAMES.items():
        one = getattr(engine, name)
        assert one.__module__.startswith(module.rsplit(".", 1)[0]), name
        assert inspect.getdoc(one)
    with pytest.raises(AttributeError, match="nonsense"):
        _ = engine.nonsense


def test_a_clip_is_the_one_that_generate_makes(clip: ClipWithRecipe, tmp_path: Path) -> None:
    assert (clip.sample_rate, clip.n_channels, clip.facts.tempo_bpm, clip.seed) == (44_100, 2, 120.0, 7)
    path = save(clip, tmp_path / "clip.wav")
    assert main(["generate", PROMPT, "-o", str(tmp_path / "same.wav"), "--duration", "8", "--seed", "7"]) == 0
    assert path.read_bytes() == (tmp_path / "same.wav").read_bytes()


def test_what_is_asked_for_is_checked() -> None:
    told: list[float] = []
    made = make_clip("lofi", seed=1, bars=2, bpm=150, key="a minor", layer="drums", progress=told.append)
    assert (made.facts.bars, made.facts.tempo_bpm) == (2, 150.0)
    assert made.n_samples == 2 * round(4 * 60 * 44_100 / 150)
    assert told[-1] == 1.0
    for wrong, word in (
        ({"colour": "red"}, "colour"),
        ({"seed": -2}, "seed"),
        ({"bars": 10_000}, "bars"),
        ({"bars": 0}, "bars is 0, and must be from 1 to 64"),
        ({"key": "H"}, "H"),
        ({"generator": "abba"}, "abba"),
        ({"duration_s": 9e9}, "9"),
    ):
        with pytest.raises(StudioError, match=word):
            make_clip("lofi", **wrong)
    with pytest.raises(StudioError, match="empty"):
        make_clip("  ")


def test_a_loop_is_baked_and_carries_its_recipe(clip: ClipWithRecipe, loop: LoopWithRecipe, tmp_path: Path) -> None:
    assert loop.n_samples == loop.region.n_samples
    path = save(loop, tmp_path / "loop.flac")
    samples, rate = soundfile.read(path, dtype="float32")
    assert rate == loop.sample_rate
    np.testing.assert_allclose(samples, loop.samples * loop.gain, atol=2.0**-23)
    assert read_loop_tags(path) == (LoopRegion(0, loop.n_samples),)
    carried = recipe_of(path)
    assert isinstance(carried, Carried)
    assert carried.recipe.seed == clip.seed
    assert carried.recipe.loop == loop.candidate
    assert carried.made.overlap_ms == 40.0
    # Without a loop the best one is taken, with the crossfade that it needs.
    best = find_loops(clip).best
    assert bake(clip).region == best.region
    with pytest.raises(OutOfRange, match="overlap_ms"):
        bake(clip, best, overlap_ms=-1)
    with pytest.raises(OutOfRange, match="loop_end"):
        bake(clip, LoopRegion(0, clip.n_samples + 1))


def test_a_file_and_an_array_have_loops_too(tmp_path: Path) -> None:
    music = groove(22_050, 120.0, n_bars=4)
    loud = Clip(music.samples * np.float32(1.3 / np.abs(music.samples).max()), music.sample_rate)
    region = LoopRegion(22_050, 66_150)
    path = tmp_path / "song.wav"
    soundfile.write(path, music.samples, music.sample_rate, subtype="FLOAT")
    of_file, of_array = bake(path, region), bake(loud, region)
    assert (of_file.title, of_array.title) == ("song", "clip")
    assert of_array.gain < 1.0 == of_file.gain
    for loop in (of_file, of_array):
        saved = save(loop, tmp_path / "loop.wav")
        carried = recipe_of(saved)
        assert isinstance(carried, Carried)
        assert carried.recipe.loop.region == region
        assert np.abs(soundfile.read(saved)[0]).max() <= 1.0
    with pytest.raises(ValueError, match="at least 1 Hz, not 0"):
        Clip(music.samples, 0)
    for refused in (find_loops, bake):
        with pytest.raises(TypeError, match="samples alone have no rate"):
            refused(music.samples)  # type: ignore[arg-type]
    again = bake(save(of_file, tmp_path / "cut.flac"), LoopRegion(0, 22_050))
    assert save(again, tmp_path / "again.ogg").stat().st_size > 1000


def test_a_notebook_shows_a_player_with_the_facts(
    clip: ClipWithRecipe, loop: LoopWithRecipe, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert repr(clip).startswith(f"<clip '{PROMPT}': ")
    assert repr(loop).endswith(", overlap 40 ms>")
    page = Shown(clip._repr_html_())
    assert PROMPT in page.words
    assert "120 bpm" in page.words
    assert "seed 7" in page.words
    assert "loop" not in page.tags["audio"]
    params, frames = page.sound
    assert (params.nframes, params.framerate, params.nchannels) == (clip.n_samples, 44_100, 2)
    heard = np.frombuffer(frames, "<i2").reshape(-1, 2) / 2**15
    np.testing.assert_allclose(heard, clip.samples.clip(-1, 1), atol=2.0**-15)
    page = Shown(loop._repr_html_())
    assert "overlap 40 ms" in page.words
    assert "loop" in page.tags["audio"]
    monkeypatch.setattr(shown, "MOST_BYTES", 4 * 44_100)
    page = Shown(loop._repr_html_())
    assert page.sound[0].nframes == 44_100
    assert "the first 1 s are heard here" in page.words
    assert "loop" not in page.tags["audio"], "a part of a loop is none"


def test_music_is_rendered_into_a_file(tmp_path: Path) -> None:
    told: list[float] = []
    path = render("lofi, 90 bpm", tmp_path / "music.wav", minutes=0.1, seed=3, duration_s=8, progress=told.append)
    assert soundfile.info(path).frames == 6 * 44_100
    assert told == sorted(told)
    assert recipe_of(path) is not None
    with pytest.raises(OutOfRange, match="minutes"):
        render("lofi", tmp_path / "none.wav", minutes=0)
    with pytest.raises(StudioError, match="none"):
        render("lofi", tmp_path / "none" / "music.wav", minutes=1)
    with pytest.raises(ZeroDivisionError):
        render("lofi", tmp_path / "none.wav", minutes=1, progress=lambda _: 1 // 0)  # type: ignore[arg-type]
    assert [one.name for one in tmp_path.iterdir()] == ["music.wav"]


@pytest.mark.audio
def test_a_loop_plays_in_the_background(clip: ClipWithRecipe, sound_server: SoundServer) -> None:
    loop = bake(clip, LoopRegion(0, 44_100))
    with sound_server.recording() as recording:
        with play(loop) as playing:
            assert playing.is_playing
            recording.wait(loop.duration_s + 1.0)
            assert playing.error is None
        assert not playing.is_playing
        playing.stop()
        recording.wait(0.3)
        heard = recording.samples
    sounding = np.flatnonzero(np.abs(heard).max(axis=1) > 0.003)
    assert len(sounding) > SAMPLE_RATE * loop.duration_s / 2
    assert find_faults(heard[sounding[0] : sounding[-1] - SAMPLE_RATE // 5], SAMPLE_RATE) == []
    with pytest.raises(UnknownChoice, match="gramophone"):
        play(loop, device="gramophone")


@pytest.mark.soak
@pytest.mark.audio
def test_a_script_that_ends_while_it_plays_leaves_nothing(sound_server: SoundServer) -> None:
    code = (
        "import numpy as np\nfrom engine import Clip, bake, play\nfrom engine.values import LoopRegion\n"
        "clip = Clip(np.random.default_rng(1).normal(0, 0.1, (44100, 2)).astype('f4'), 44100)\n"
        "playing = play(bake(clip, LoopRegion(0, 44100)))\nprint(playing.is_playing, playing._player.pid)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60)
    playing, pid = done.stdout.split()
    assert (done.returncode, done.stderr, playing) == (0, "", "True")
    gone = time.monotonic() + 10.0
    while psutil.pid_exists(int(pid)):
        assert time.monotonic() < gone
        time.sleep(0.02)
