# SPDX-License-Identifier: GPL-3.0-or-later
"""The curves on screen are the gains that are heard."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from engine.dsp.seam import fade_gains
from engine.values import FadeCurve
from widgets.timeline.gain_curves import N_CURVE_POINTS, GainCurves, preview_gains


@given(correlation=st.floats(-1.0, 1.0), curve=st.sampled_from(list(FadeCurve)))
def test_the_preview_is_what_the_mixer_plays(correlation: float, curve: FadeCurve) -> None:
    # The mixer samples mid-step, the preview from end to end.
    n_samples = 100 * (N_CURVE_POINTS - 1)
    heard_out, heard_in = fade_gains(curve, correlation, n_samples)
    at = (np.arange(n_samples) + 0.5) / n_samples
    drawn_out, drawn_in = preview_gains(correlation, curve)
    grid = np.linspace(0.0, 1.0, N_CURVE_POINTS)
    assert np.allclose(np.interp(grid[1:-1], at, heard_out[:, 0]), drawn_out[1:-1], atol=1e-4)
    assert np.allclose(np.interp(grid[1:-1], at, heard_in[:, 0]), drawn_in[1:-1], atol=1e-4)
    assert drawn_in[0] == pytest.approx(0.0, abs=1e-9)
    assert drawn_in[-1] == pytest.approx(1.0)


@pytest.mark.gui
def test_a_takeover_runs_along_the_curve(qtbot: QtBot) -> None:
    curves = GainCurves()
    qtbot.addWidget(curves)
    curves.resize(216, 80)
    with qtbot.waitExposed(curves):
        curves.show()

    still = curves.grab().toImage()

    def line_at() -> list[int]:
        picture = curves.grab().toImage()
        middle = picture.height() // 2
        return [x for x in range(picture.width()) if picture.pixelColor(x, middle) != still.pixelColor(x, middle)]

    curves.set_progress(0.25)
    assert abs(np.mean(line_at()) - (8 + 200 * 0.25)) <= 1.5
    curves.set_progress(0.75)
    assert abs(np.mean(line_at()) - (8 + 200 * 0.75)) <= 1.5
    curves.set_progress(None)
    assert curves.grab().toImage() == still
