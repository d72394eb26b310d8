# SPDX-License-Identifier: GPL-3.0-or-later
"""The visualiser shows what it is told: loops and playheads, bands, beats, words; and rests when nothing moves."""

from __future__ import annotations

import itertools
import math
import time
import weakref
from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QSignalSpy, QTest
from pytestqt.qtbot import QtBot

from engine.dsp.peaks import peak_pyramid
from engine.units import SILENCE_DB
from engine.values import Clip, LoopRegion, TransportState
from engine.values.live import BANDS, CURVE_POINTS, STEREO_SIDE, LiveReading
from engine.values.options import THEME
from engine.values.picture_options import CIRCLE, RIDGES
from tests.widgets.pictures import SAMPLE_RATE, a_clip
from widgets import theme
from widgets.colours import THEMES
from widgets.timeline.music_grid import Bars
from widgets.visualiser.circle import RING, WAVE
from widgets.visualiser.rays import RAYS_FROM, RAYS_TO
from widgets.visualiser.ridges import GAP_S
from widgets.visualiser.scene import FADE_S, Heard, VisualLoop
from widgets.visualiser.window import Visualiser
from widgets.visualiser.words import GO_S, STAY_S

pytestmark = pytest.mark.gui

SIZE = (800, 600)
SIDE = 600
MIDDLE = QPoint(400, 300)
FRAME_S = 1.0 / 30.0
RUNNING = TransportState(is_running=True, has_next=True)
BAND = [name for _, name in BANDS].index("1k")


def a_loop(loop_id: int = 1, *, clip: Clip | None = None, title: str = "Velvet Antenna") -> VisualLoop:
    """Return a loop of two bars at 120 bpm, 4 s long."""
    clip = clip or a_clip(4.0)
    bars = Bars(2.0 * SAMPLE_RATE, 0, 4)
    region = LoopRegion(0, 4 * SAMPLE_RATE)
    return VisualLoop(
        loop_id, SAMPLE_RATE, region, peak_pyramid(clip), bars, title, "“dusty rhodes”", "2 bars · 120 bpm"
    )


def a_reading(db: float = SILENCE_DB, curve_db: float = SILENCE_DB) -> LiveReading:
    """Return a reading in which the band at 1 kHz and the low half of the spectrum have these levels."""
    bands = np.full(len(BANDS), SILENCE_DB, dtype=np.float32)
    bands[BAND] = max(db, curve_db)
    curve = np.full(CURVE_POINTS, SILENCE_DB, dtype=np.float32)
    curve[: CURVE_POINTS // 2] = curve_db
    return LiveReading(bands, bands, curve, None, np.zeros((STEREO_SIDE, STEREO_SIDE), dtype=np.uint8))


def shown(qtbot: QtBot, view: str) -> Visualiser:
    """Return a visualiser whose frames the test paints itself: until events are handled, its own clock stands."""
    one = Visualiser(view)
    qtbot.addWidget(one)
    one.resize(*SIZE)
    one.show()
    one.set_state(RUNNING)
    return one


@pytest.fixture
def circle(qtbot: QtBot) -> Visualiser:
    return shown(qtbot, CIRCLE)


@pytest.fixture
def still() -> Iterator[None]:
    """Have as little as possible move."""
    colours = THEMES[str(THEME.default)]
    theme.use(colours, is_still=True)
    yield
    theme.use(colours)


def picture(one: Visualiser) -> QImage:
    return one.grab().toImage()


def play(one: Visualiser, sample: float, now_s: float = 10.0, seconds: float = 2.0 * FADE_S) -> None:
    """Have the playhead of the first loop be there at that moment, with all that fades faded."""
    one.set_heard(Heard(1, sample, at_s=now_s))
    one.advance(seconds, now_s)


def lit_along(image: QImage, turn: float, near: float, far: float) -> int:
    """Return how many pixels differ from the ground on a line outwards, ``turn`` radians clockwise from the top."""
    ground = QColor(theme.BACKGROUND).rgb()
    radii = np.arange(near * SIDE, far * SIDE)
    places = ((round(400 + math.sin(turn) * r - 0.5), round(300 - math.cos(turn) * r - 0.5)) for r in radii.tolist())
    return sum(image.pixel(x, y) != ground for x, y in places)


def test_a_louder_band_has_a_longer_ray_on_both_sides(circle: Visualiser) -> None:
    # Its place between the lowest band at the bottom and the highest at the top.
    turn = math.pi * (1.0 - (2 * BAND + 0.5) / (2 * len(BANDS) - 1))
    lengths = []
    for db in (SILENCE_DB, -48.0, -24.0):
        circle.set_reading(a_reading(db))
        circle.advance(FRAME_S, 1.0)
        image = picture(circle)
        left, right = (lit_along(image, side * turn, RAYS_FROM, RAYS_TO) for side in (-1.0, 1.0))
        assert left == pytest.approx(right, abs=2)
        assert lit_along(image, turn - 0.5, RAYS_FROM, RAYS_TO) == 0, "the other bands are silent"
        lengths.append(right)
    whole = (RAYS_TO - RAYS_FROM) * SIDE
    assert lengths[0] == 0
    # A band is shown from −66 to −12 dB.
    assert lengths[1:] == pytest.approx([whole * 18.0 / 54.0, whole * 42.0 / 54.0], abs=6)


def white_angle(image: QImage) -> float | None:
    """Return where on the circle the playhead's dot is, as a share of the way round from the top; None for no dot."""
    white = [
        (x - 399.5, 299.5 - y)
        for x in range(150, 650)
        for y in range(50, 550)
        if abs(math.hypot(x - 399.5, y - 299.5) - (RING + 1.12 * WAVE) * SIDE) < 1.0
        and image.pixelColor(x, y).lightness() > 240
        and image.pixelColor(x, y).saturation() < 20
    ]
    if not white:
        return None
    x, y = np.mean(white, axis=0)
    return float(math.atan2(x, y) / (2.0 * math.pi) % 1.0)


def test_the_playhead_stands_where_the_loop_is(circle: Visualiser) -> None:
    circle.set_loop(a_loop())
    for share in (0.2, 0.5, 0.93):
        play(circle, share * 4 * SAMPLE_RATE)
        assert white_angle(picture(circle)) == pytest.approx(share, abs=0.005)
    # Between two tellings it goes on with the sound, and with nothing told it halts.
    circle.advance(FRAME_S, 10.0 + 0.2)
    assert white_angle(picture(circle)) == pytest.approx(0.98, abs=0.005)
    circle.advance(FRAME_S, 10.0 + 3.0)
    assert white_angle(picture(circle)) == pytest.approx(0.93 + 0.25 / 4.0, abs=0.005)
    circle.set_state(TransportState())
    assert white_angle(picture(circle)) is None, "what does not play has no playhead"


def test_the_waveform_is_wound_round_from_the_top(circle: Visualiser) -> None:
    clip = a_clip(4.0)
    samples = clip.samples.copy()
    samples[2 * SAMPLE_RATE :] *= 0.02
    circle.set_loop(a_loop(clip=Clip(samples, SAMPLE_RATE)))
    circle.advance(FADE_S, 1.0)
    image = picture(circle)
    turns = [0.3 * at for at in range(1, 10)]
    right = sum(lit_along(image, turn, RING - WAVE, RING + WAVE) for turn in turns)
    left = sum(lit_along(image, -turn, RING - WAVE, RING + WAVE) for turn in turns)
    assert right > 3 * left > 0


def centre(image: QImage) -> QImage:
    return image.copy(MIDDLE.x() - 60, MIDDLE.y() - 60, 120, 120)


def test_the_beat_glows_and_fades(circle: Visualiser) -> None:
    circle.set_loop(a_loop())
    glows = []
    for beat in (0.0, 0.1, 0.9, 1.0, 4.0):
        play(circle, beat * SAMPLE_RATE / 2.0)
        glows.append(circle.scene.pulse())
    # A bar's first beat is the strongest.
    assert glows[0] == pytest.approx(1.0)
    assert glows[4] == pytest.approx(1.0, abs=1e-3)
    assert glows[0] > glows[1] > glows[2] > 0.0
    assert 0.5 < glows[3] < 0.6
    play(circle, 0.0)
    bright = picture(circle)
    play(circle, 0.95 * SAMPLE_RATE / 2.0)
    assert centre(bright).pixelColor(60, 60).green() > centre(picture(circle)).pixelColor(60, 60).green() + 20


@pytest.mark.usefixtures("still")
def test_reduced_motion_has_no_pulse_and_few_frames(circle: Visualiser, monkeypatch: pytest.MonkeyPatch) -> None:
    circle.set_loop(a_loop())
    play(circle, 0.0)
    on_the_beat = centre(picture(circle))
    play(circle, 0.95 * SAMPLE_RATE / 2.0)
    assert centre(picture(circle)) == on_the_beat
    painted: list[object] = []
    monkeypatch.setattr(circle, "update", painted.append)
    now_s = [time.monotonic() + 10.0]
    monkeypatch.setattr("widgets.motion.time.monotonic", lambda: now_s[0])
    for _ in range(60):
        now_s[0] += FRAME_S
        circle.advance(FRAME_S, now_s[0])
    assert 3 <= len(painted) <= 5, "two a second"


@pytest.mark.parametrize(("beats_per_bar", "strengths"), [(4, (1.0, 0.1, 0.55, 0.1)), (3, (1.0, 0.3, 0.1))])
def test_fast_beats_pulse_on_some_of_them_alone(
    circle: Visualiser, beats_per_bar: int, strengths: tuple[float, ...]
) -> None:
    loop = a_loop()
    beat_samples = SAMPLE_RATE // 4
    bars = Bars(float(beats_per_bar * beat_samples), 0, beats_per_bar)
    circle.set_loop(VisualLoop(1, SAMPLE_RATE, loop.region, loop.peaks, bars, "", "", ""))
    told = []
    for beat in range(beats_per_bar):
        play(circle, beat * beat_samples + 1.0)
        told.append(circle.scene.pulse())
    assert told == pytest.approx(strengths, abs=0.09)


def test_one_loop_fades_into_the_next_as_it_is_heard(circle: Visualiser) -> None:
    circle.set_loop(a_loop())
    play(circle, 0.0)
    now_s, seen = 10.0, []
    for step in range(61):
        fade = step / 60.0
        now_s += 2.0 * FRAME_S
        leads = 1 if fade < 0.5 else 2
        if leads == 2:
            circle.set_loop(a_loop(2, title="Saffron Octave"))
        circle.set_heard(Heard(leads, 1000.0 * step, 2, fade, now_s))
        circle.advance(2.0 * FRAME_S, now_s)
        seen.append({one.loop.loop_id: one.opacity for one in circle.scene.shown})
    assert seen[20] == pytest.approx({1: 1.0 - 20 / 60})
    assert seen[50] == pytest.approx({1: 1.0 - 50 / 60, 2: 50 / 60})
    most = 2.0 * FRAME_S / FADE_S + 1e-6
    for before, after in itertools.pairwise(seen):
        assert all(abs(after[one] - before.get(one, 0.0)) <= most for one in after), "nothing leaps"
    circle.set_heard(Heard(2, 0.0, at_s=now_s))
    circle.advance(FADE_S, now_s)
    assert [one.loop.title for one in circle.scene.shown] == ["Saffron Octave"]
    assert circle.accessibleDescription() == "Saffron Octave · “dusty rhodes” · 2 bars · 120 bpm"


def test_loops_that_are_gone_are_forgotten(circle: Visualiser) -> None:
    gone = []
    for loop_id in range(1, 6):
        loop = a_loop(loop_id)
        assert loop.peaks is not None
        gone.append(weakref.ref(loop.peaks.levels[0]))
        circle.set_loop(loop)
        circle.advance(FADE_S, float(loop_id))
        picture(circle)
    circle.advance(FADE_S, 7.0)
    picture(circle)
    del loop
    assert [ref() is None for ref in gone] == [True] * 4 + [False]


def height_over(image: QImage, x: int, base: int) -> int:
    """Return how far above ``base`` the topmost bright pixel of a column is."""
    bright = QColor(theme.ACCENT).lightness() - 12
    return base - min(y for y in range(base + 3) if image.pixelColor(x, y).lightness() >= bright)


def test_the_front_ridge_is_the_spectrum_of_now(qtbot: QtBot) -> None:
    ridges = shown(qtbot, RIDGES)
    base = round(0.8 * SIZE[1])
    heights = []
    for db in (SILENCE_DB, -40.0, -16.0):
        ridges.set_reading(a_reading(curve_db=db))
        ridges.advance(FRAME_S, 1.0)
        image = picture(ridges)
        # The lowest is in the middle, the highest at the ends.
        heights.append(height_over(image, 440, base))
        assert height_over(image, 640, base) <= 3
    assert heights[0] <= 3
    assert heights[2] > 2 * heights[1] > 20


def test_ridges_drift_away_and_are_the_same_when_drawn_anew(qtbot: QtBot) -> None:
    ridges = shown(qtbot, RIDGES)
    rng = np.random.default_rng(5)
    for _ in range(100):
        ridges.set_reading(a_reading(curve_db=float(rng.uniform(-40.0, -15.0))))
        ridges.advance(FRAME_S, 1.0)
        picture(ridges)
    ridges.words.opacity = 0.0
    before = picture(ridges)
    lit = [y for y in range(SIZE[1]) if before.pixel(160, y) != before.pixel(20, 20)]
    assert lit[-1] - lit[0] >= (100 * FRAME_S / GAP_S - 2) * 0.0165 * SIZE[1], "each is a gap behind the one before"
    ridges.resize(500, 400)
    picture(ridges)
    ridges.resize(*SIZE)
    assert picture(ridges) == before
    ridges.set_state(TransportState(is_running=True, is_paused=True))
    ridges.words.opacity = 0.0
    ridges.advance(0.0, 1.0)
    ridges.words.opacity = 0.0
    assert picture(ridges) == before, "a picture that is paused stands"


def test_words_come_and_go_and_the_pointer_with_them(circle: Visualiser, qtbot: QtBot) -> None:
    circle.set_loop(a_loop())
    circle.advance(0.5, 1.0)
    assert circle.words.opacity == 1.0
    strip = circle.words.region(QRectF(circle.rect())).toRect()

    def n_lit() -> int:
        image, ground = picture(circle), QColor(theme.BACKGROUND).rgb()
        return sum(image.pixel(x, y) != ground for x in range(20, 200) for y in range(strip.top(), strip.bottom()))

    assert n_lit() > 200
    circle.advance(STAY_S, 2.0)
    circle.advance(GO_S, 3.0)
    assert n_lit() == 0
    assert circle.cursor().shape() is Qt.CursorShape.BlankCursor
    QTest.mouseMove(circle, QPoint(100, 100))
    QTest.mouseMove(circle, QPoint(140, 120))
    qtbot.waitUntil(lambda: circle.cursor().shape() is Qt.CursorShape.ArrowCursor)
    circle.advance(0.5, 4.0)
    assert n_lit() > 200


def test_without_music_it_stands_still_and_says_how_to_start(qtbot: QtBot) -> None:
    one = Visualiser()
    qtbot.addWidget(one)
    one.resize(*SIZE)
    with qtbot.waitExposed(one):
        one.show()
    assert one.accessibleName() == "Visualiser"
    assert one.accessibleDescription() == "The music is not running. · AVVIA starts it: Ctrl+Enter"
    notice = picture(one).copy(300, 270, 200, 60)
    assert any(notice.pixelColor(x, y).lightness() > 200 for x in range(200) for y in range(60))
    qtbot.waitUntil(lambda: not one.is_moving())
    one.set_state(RUNNING)
    one.set_loop(a_loop())
    assert one.is_moving()
    assert one.accessibleDescription() == "Velvet Antenna · “dusty rhodes” · 2 bars · 120 bpm"
    seen = QSignalSpy(one.seen_changed)
    one.hide()
    assert not one.is_moving(), "a window that is not seen paints nothing"
    assert (seen.count(), seen.at(0)) == (1, [False])
    one.show()
    qtbot.waitUntil(one.is_moving)
    one.set_state(TransportState(is_running=True, is_paused=True))
    assert one.accessibleDescription().endswith("120 bpm · paused")
    qtbot.waitUntil(lambda: not one.is_moving())


def test_keys_and_mouse_ask_for_what_they_say(circle: Visualiser) -> None:
    asked = {
        Qt.Key.Key_Space: QSignalSpy(circle.pause_requested),
        Qt.Key.Key_N: QSignalSpy(circle.next_requested),
        Qt.Key.Key_P: QSignalSpy(circle.previous_requested),
    }
    for key, spy in asked.items():
        QTest.keyClick(circle, key)
        assert [one.count() for one in asked.values()].count(1) == list(asked).index(key) + 1
        assert spy.count() == 1
    views = QSignalSpy(circle.view_changed)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Left, Qt.Key.Key_Up, Qt.Key.Key_Down):
        QTest.keyClick(circle, key)
    assert [views.at(at)[0] for at in range(4)] == [RIDGES, CIRCLE, RIDGES, CIRCLE]
    left = QSignalSpy(circle.left)
    for key in (Qt.Key.Key_Escape, Qt.Key.Key_F11):
        QTest.keyClick(circle, key)
        circle.show()
    QTest.mouseDClick(circle, Qt.MouseButton.LeftButton)
    assert left.count() == 3
    assert not circle.isVisible()
