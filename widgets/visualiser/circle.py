# SPDX-License-Identifier: GPL-3.0-or-later
"""This view of the visualiser winds the loop round a circle, as it has no end, with the bands as rays around it."""

from __future__ import annotations

import math
from functools import cache
from typing import Final

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPen, QPixmap, QRadialGradient

from engine.values import FloatArray
from engine.values.live import BANDS
from widgets import theme
from widgets.colours import LEAST_MARK_CONTRAST, contrast_ratio, mixed
from widgets.timeline.waveform_item import columns
from widgets.visualiser.rays import N_RAYS, paint_rays, ray_pixels, shades_of
from widgets.visualiser.scene import ShownLoop, VisualLoop, VisualScene, shares

# All lengths are shares of the picture's shorter side.
RING: Final = 0.262
"""Radius of the waveform's middle."""
WAVE: Final = 0.07
"""Height of the waveform's loudest peak over its middle."""
TICKS: Final = 0.176
"""Radius of the marks of bars and beats."""
CLOUD: Final = 0.115
"""Half the side of the stereo image."""
GLOW: Final = 0.17
"""Radius of the pulse's glow."""
GAP_DEGREES: Final = 1.1
"""Degrees to each side of the seam that are left free for its light."""
COLUMN_PX: Final = 3.2
"""Pixels from one column of the waveform to the next, along its middle."""
STROKES: Final = 2
"""Number of strokes a column is wide: strokes of one pixel are painted many times faster than wider ones."""
TAIL_S: Final = 1.6
"""Seconds of the waveform behind the playhead that are lit."""
TAIL_STEPS: Final = 12
"""Number of brightnesses of the lit waveform."""
NO_MARK: Final = 0.02
"""Share of a bar or beat before the loop's end in which none begins: that is the seam, where the first one does."""
LEAST_TICK_PX: Final = 9.0
"""Distance in pixels of two marks at least; where beats or bars are denser, they have none."""
STEPS: Final = 64
"""Number of opacities by which a waveform fades: it is drawn anew for each."""
STOPPED: Final = 0.6
"""Opacity of the waveform while the music does not run."""
SEAM_S: Final = 1.2
"""Seconds in which the light of the seam fades after the playhead has passed it."""


class CircleView:
    """The circle view draws a ``VisualScene``; what does not change from frame to frame is kept as pictures."""

    def __init__(self) -> None:
        self._rings: dict[int, QPixmap] = {}
        self._keys: dict[int, tuple[object, ...]] = {}
        self._waves: dict[int, list[QLineF]] = {}
        self._pixels = np.zeros(0, dtype=np.uint32)
        self._rays = ray_pixels(1, 1)
        self._still = QImage()
        self._ground = ""
        self._still_key: tuple[object, ...] = ()
        self._glow = QPixmap()
        self._glow_key: tuple[object, ...] = ()

    def moving(self, rect: QRectF) -> QRectF:
        """Return the part of the picture in which anything moves."""
        side = min(rect.width(), rect.height())
        return QRectF(rect.center() - QPointF(side / 2.0, side / 2.0), QSizeF(side, side))

    def advance(self, seconds: float, scene: VisualScene) -> None:
        """Remember nothing: the circle shows this moment alone."""

    def paint(self, painter: QPainter, rect: QRectF, scene: VisualScene) -> None:
        """Paint the scene into ``rect``."""
        side = min(rect.width(), rect.height())
        middle = rect.center()
        ratio = painter.device().devicePixelRatioF()
        self._draw_still(rect, scene, ratio)
        paint_rays(self._pixels, self._rays, ray_levels(scene), shades_of(theme.BACKGROUND, theme.ACCENT))
        painter.drawImage(rect.topLeft(), self._still)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.translate(middle)
        self._paint_pulse(painter, side, scene, ratio)
        _paint_cloud(painter, side, scene)
        for one in scene.shown:
            if one.phase is not None and one.opacity > 0.0 and scene.is_running:
                self._paint_playhead(painter, side, one)
        painter.setOpacity(1.0)
        painter.translate(-middle)

    # --- what is kept -------------------------------------------------------------------------------------------------

    def _draw_still(self, rect: QRectF, scene: VisualScene, ratio: float) -> None:
        """Draw background and waveforms, unless they are drawn; while loops fade they are another at each frame."""
        side = min(rect.width(), rect.height())
        self._take_size((rect.size() * ratio).toSize(), ratio)
        loops = tuple((self._key(one.loop, side, ratio), round(one.opacity * STEPS)) for one in scene.shown)
        key = (theme.BACKGROUND, theme.ACCENT, theme.LINE, scene.is_running, loops)
        if key == self._still_key:
            return
        self._still_key = key
        if self._ground != theme.BACKGROUND:
            self._ground = theme.BACKGROUND
            self._still.fill(QColor(self._ground))
        alive = {one.loop.loop_id for one in scene.shown}
        for kept in (self._rings, self._keys, self._waves):
            for gone in kept.keys() - alive:
                del kept[gone]
        painter = QPainter(self._still)
        painter.translate(rect.width() / 2.0, rect.height() / 2.0)
        half = _half(side)
        painter.fillRect(QRectF(-half, -half, 2.0 * half, 2.0 * half), QColor(self._ground))
        for one in scene.shown:
            painter.setOpacity(one.opacity if scene.is_running else STOPPED * one.opacity)
            painter.drawPixmap(QPointF(-half, -half), self._ring(one.loop, side, ratio))
        if not any(self._waves.values()):
            painter.setOpacity(1.0)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(theme.EDGE), 1.5))
            painter.drawEllipse(QPointF(0.0, 0.0), RING * side, RING * side)
        painter.end()

    def _take_size(self, size: QSize, ratio: float) -> None:
        """Have a picture of this size, and know which of its pixels are rays."""
        if self._still.size() != size:
            # The picture's memory is numpy's, which paints the rays into it.
            self._pixels = np.zeros(size.width() * size.height(), dtype=np.uint32)
            stride = 4 * size.width()
            self._still = QImage(self._pixels.data, size.width(), size.height(), stride, QImage.Format.Format_RGB32)
            self._rays = ray_pixels(size.width(), size.height())
            self._ground, self._still_key = "", ()
        self._still.setDevicePixelRatio(ratio)

    @staticmethod
    def _key(loop: VisualLoop, side: float, ratio: float) -> tuple[object, ...]:
        colours = (theme.BACKGROUND, theme.ACCENT, theme.EDGE, theme.DIM)
        return loop.peaks, loop.region, loop.bars, side, ratio, colours

    def _ring(self, loop: VisualLoop, side: float, ratio: float) -> QPixmap:
        """Return the waveform wound round, with its seam and the marks of its bars, on nothing."""
        key = self._key(loop, side, ratio)
        if self._keys.get(loop.loop_id) == key:
            return self._rings[loop.loop_id]
        half = _half(side)
        picture = QPixmap((QSizeF(2.0 * half, 2.0 * half) * ratio).toSize())
        picture.setDevicePixelRatio(ratio)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        painter.setClipRect(QRectF(0.0, 0.0, 2.0 * half, 2.0 * half))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(half, half)
        wave = self._waves[loop.loop_id] = _wound(loop, side)
        painter.setPen(_pen(quiet(theme.BACKGROUND, theme.ACCENT), 1.0))
        painter.drawLines(wave)
        if loop.bars is not None:
            _paint_marks(painter, side, loop)
        _paint_seam(painter, side, theme.ACCENT, 0.9)
        painter.end()
        self._rings[loop.loop_id], self._keys[loop.loop_id] = picture, key
        return picture

    # --- what moves ---------------------------------------------------------------------------------------------------

    def _paint_pulse(self, painter: QPainter, side: float, scene: VisualScene, ratio: float) -> None:
        pulse = scene.pulse()
        if pulse < 0.02:
            return
        key = (side, ratio, theme.ACCENT)
        if key != self._glow_key:
            radius = GLOW * side
            self._glow = QPixmap((QSizeF(2.0 * radius, 2.0 * radius) * ratio).toSize())
            self._glow.setDevicePixelRatio(ratio)
            self._glow.fill(Qt.GlobalColor.transparent)
            inner = QPainter(self._glow)
            gradient = QRadialGradient(QPointF(radius, radius), radius)
            for at, alpha in ((0.0, 80), (0.5, 30), (1.0, 0)):
                gradient.setColorAt(at, _with_alpha(theme.ACCENT, alpha))
            inner.fillRect(QRectF(0.0, 0.0, 2.0 * radius, 2.0 * radius), gradient)
            inner.end()
            self._glow_key = key
        painter.setOpacity(pulse)
        painter.drawPixmap(QPointF(-GLOW * side, -GLOW * side), self._glow)
        painter.setOpacity(1.0)

    def _paint_playhead(self, painter: QPainter, side: float, one: ShownLoop) -> None:
        """Light the waveform behind the playhead, and the seam that it has just passed."""
        phase = one.phase or 0.0
        wave = self._waves.get(one.loop.loop_id, [])
        painter.setOpacity(one.opacity)
        if wave and not theme.is_still():
            n = len(wave) // STROKES
            tail = min(max(round(TAIL_S / one.turn_s * n), TAIL_STEPS), n // 2)
            head = int(phase * n)
            edges = np.linspace(0, tail, TAIL_STEPS + 1).astype(int)
            for step in range(TAIL_STEPS):
                share = (1.0 - step / TAIL_STEPS) ** 1.5
                painter.setPen(_pen(_with_alpha(theme.ACCENT, round(255 * share)), 1.0))
                lit = ((head - at) % n for at in range(edges[step], edges[step + 1]))
                painter.drawLines([wave[STROKES * at + stroke] for at in lit for stroke in range(STROKES)])
            since_s = phase * one.turn_s
            if since_s < SEAM_S:
                painter.setOpacity(one.opacity * (1.0 - since_s / SEAM_S))
                _paint_seam(painter, side, theme.PLAYHEAD, 1.0)
                painter.setOpacity(one.opacity)
        turn = _turn(phase)
        reach = QPointF(math.sin(turn), -math.cos(turn))
        inner, outer = (RING - WAVE * 1.12) * side, (RING + WAVE * 1.12) * side
        painter.setPen(_pen(theme.PLAYHEAD, max(2.0, 0.0026 * side)))
        painter.drawLine(QLineF(reach * inner, reach * outer))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.PLAYHEAD))
        painter.drawEllipse(reach * outer, 0.0055 * side, 0.0055 * side)
        painter.setBrush(Qt.BrushStyle.NoBrush)


@cache
def quiet(ground: str, colour: str) -> str:
    """Return a colour that is held back as far as it is still seen on its ground."""
    share = 0.42
    while contrast_ratio(mixed(ground, colour, share), ground) < LEAST_MARK_CONTRAST and share < 1.0:
        share += 0.02
    return mixed(ground, colour, min(share, 1.0))


def playhead_degrees(phase: float) -> float:
    """Return where a part of the loop lies on the circle: degrees clockwise from the top, beside the seam's gap."""
    return math.degrees(_turn(phase))


def _turn(phase: float) -> float:
    return math.radians(GAP_DEGREES + phase * (360.0 - 2.0 * GAP_DEGREES))


def _half(side: float) -> float:
    """Return half the side of the waveform's picture."""
    return (RING + 1.1 * WAVE) * side


def _with_alpha(colour: str, alpha: int) -> QColor:
    out = QColor(colour)
    out.setAlpha(alpha)
    return out


def _pen(colour: QColor | str, width: float) -> QPen:
    return QPen(QBrush(QColor(colour)), width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap)


def _wound(loop: VisualLoop, side: float) -> list[QLineF]:
    """Return the waveform's columns as lines across the circle, ``STROKES`` a column, from the seam on clockwise."""
    if loop.peaks is None or loop.region.n_samples < 1:
        return []
    n = max(60, round(2.0 * math.pi * RING * side / COLUMN_PX))
    lowest, highest = columns(loop.peaks, loop.region.loop_start, loop.region.loop_end, n)
    loudest = max(float(highest.max(initial=0.0)), -float(lowest.min(initial=0.0)), 1e-6)
    # Never shorter than a dot: silence is a circle, not nothing.
    out = np.maximum(highest / loudest * WAVE * side, 1.0) + RING * side
    into = RING * side - np.maximum(-lowest / loudest * WAVE * side, 1.0)
    turns = np.radians(GAP_DEGREES + (np.arange(n) + 0.5) / n * (360.0 - 2.0 * GAP_DEGREES))
    x, y = np.sin(turns), -np.cos(turns)
    across = np.array([[-0.4], [0.4]])
    parts = (x * into - y * across, y * into + x * across, x * out - y * across, y * out + x * across)
    points = np.stack(parts, axis=2).transpose(1, 0, 2).reshape(-1, 4).tolist()
    return [QLineF(*one) for one in points]


def _paint_marks(painter: QPainter, side: float, loop: VisualLoop) -> None:
    """Draw a mark where each bar begins and, with room, a dot at each beat."""
    bars, region = loop.bars, loop.region
    assert bars is not None
    around = 2.0 * math.pi * TICKS * side
    for step, is_bar in ((bars.bar_samples / bars.beats_per_bar, False), (bars.bar_samples, True)):
        if step / region.n_samples * around < LEAST_TICK_PX:
            continue
        first = math.ceil((region.loop_start - bars.first_sample) / step - 1e-6)
        last = math.ceil((region.loop_end - bars.first_sample) / step - NO_MARK)
        for at in range(first, last):
            if not is_bar and at % bars.beats_per_bar == 0:
                continue
            turn = _turn((bars.first_sample + at * step - region.loop_start) / region.n_samples)
            reach = QPointF(math.sin(turn), -math.cos(turn))
            if is_bar:
                painter.setPen(_pen(theme.DIM, max(1.5, 0.0018 * side)))
                painter.drawLine(QLineF(reach * (TICKS * side - 0.006 * side), reach * (TICKS * side + 0.006 * side)))
            else:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(QColor(theme.EDGE))
                painter.drawEllipse(reach * (TICKS * side), 0.0014 * side, 0.0014 * side)
                painter.setBrush(Qt.BrushStyle.NoBrush)


def _paint_seam(painter: QPainter, side: float, colour: str, strength: float) -> None:
    """Draw the gap of light at the top, where the loop's end meets its start."""
    length = 1.3 * WAVE * side
    gradient = QRadialGradient(QPointF(0.0, -RING * side), length)
    for at, share in ((0.0, 1.0), (0.4, 0.7), (1.0, 0.0)):
        gradient.setColorAt(at, _with_alpha(colour, round(255 * share * strength)))
    width = max(2.0, 0.0026 * side)
    painter.setPen(QPen(QBrush(gradient), width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
    painter.drawLine(QLineF(0.0, -RING * side - length, 0.0, -RING * side + length))


def _paint_cloud(painter: QPainter, side: float, scene: VisualScene) -> None:
    """Draw the stereo image in the middle: upright for mono, wide for wide."""
    if scene.stereo is None:
        return
    argb = (scene.stereo.astype(np.uint32) * np.uint32(7) // np.uint32(10)) << np.uint32(24)
    argb |= np.uint32(QColor(theme.ACCENT).rgb() & 0xFFFFFF)
    height, width = scene.stereo.shape
    image = QImage(argb.data, width, height, 4 * width, QImage.Format.Format_ARGB32)
    half = CLOUD * side
    painter.drawImage(QRectF(-half, -half, 2.0 * half, 2.0 * half), image)


def ray_levels(scene: VisualScene) -> FloatArray:
    """Return how long each ray of one half of the circle is, as a share, from the lowest band to the highest."""
    at = np.linspace(0.0, len(BANDS) - 1.0, N_RAYS // 2)
    return np.interp(at, np.arange(len(BANDS)), shares(scene.levels.bands_db)).astype(np.float32)
