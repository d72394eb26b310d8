# SPDX-License-Identifier: GPL-3.0-or-later
"""The card of now playing shows what plays."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from engine.values import (
    Asked,
    Excerpt,
    Fit,
    KeyFit,
    LoopCandidate,
    LoopMetrics,
    LoopRegion,
    MusicFacts,
    MusicFit,
    TempoFit,
    TransportState,
)
from tests.widgets.recipes import a_recipe
from widgets.now_playing_panel import NowPlayingPanel

pytestmark = pytest.mark.gui


@pytest.fixture
def panel(qtbot: QtBot) -> NowPlayingPanel:
    panel = NowPlayingPanel()
    qtbot.addWidget(panel)
    panel.resize(250, 160)
    with qtbot.waitExposed(panel):
        panel.show()
    return panel


def test_it_tells_what_plays(panel: NowPlayingPanel) -> None:
    panel.set_generator_titles({"composer": "Built-in composer"})
    panel.set_recipe(a_recipe(), is_starter=False)
    panel.set_progress(2, 31.9, 30.0)
    assert panel.title_label.text() == "Velvet Antenna"
    assert panel.artist_label.text() == "The Paper Lanterns"
    assert panel.prompt_label.text() == "“lofi calm rap beat, dusty rhodes”"
    assert panel.facts_label.text() == "4 bars · 88.9 bpm · A minor"
    assert panel.maker_label.text() == "Built-in composer · seed 1207"
    assert panel.progress_label.text() == "turn 3 · 00:31 of at least 00:30"
    assert panel.header.info == ""


def test_a_clip_played_through_is_said_to_be_so(panel: NowPlayingPanel) -> None:
    loop = replace(a_recipe().loop, weak=True, bars=None, played_through=True)
    panel.set_recipe(a_recipe(loop=loop), is_starter=False)
    assert panel.facts_label.text() == "played through · 88.9 bpm · A minor"


def test_what_made_it_is_told_by_its_title(panel: NowPlayingPanel) -> None:
    panel.set_generator_titles({"composer": "Built-in composer", "musicgpt": "MusicGPT"})
    panel.set_recipe(a_recipe(), is_starter=True)
    assert panel.maker_label.text().startswith("Built-in composer")
    assert panel.header.info == "starter loop"
    panel.set_recipe(a_recipe(generator="musicgpt", model="medium", seed=None), is_starter=False)
    assert panel.maker_label.text() == "MusicGPT · medium"


def test_what_is_not_known_is_not_told(panel: NowPlayingPanel) -> None:
    loop = LoopCandidate(LoopRegion(0, 1000), 0.5, LoopMetrics(0.5, 0.5, 0.5, 0.5), None, True)
    panel.set_recipe(a_recipe(facts=MusicFacts(tempo_bpm=90.0), loop=loop), is_starter=False)
    assert panel.facts_label.text() == "90 bpm"


def test_long_texts_are_cut_and_told_in_full_by_the_tooltip(panel: NowPlayingPanel) -> None:
    prompt = "very slow ambient\nwith " + "a great many words " * 20
    panel.set_recipe(a_recipe(prompt=prompt), is_starter=False)
    assert panel.prompt_label.is_elided()
    assert " ".join(prompt.split()) in panel.prompt_label.toolTip()
    assert panel.title_label.toolTip() == "", "what is seen whole needs no tooltip"


def test_nothing_jumps_when_the_texts_change(panel: NowPlayingPanel) -> None:
    panel.set_recipe(None, is_starter=False)
    quiet = [panel.minimumSizeHint(), panel.progress_label.geometry()]
    panel.set_recipe(a_recipe(title="W" * 200, prompt="W" * 2000), is_starter=True)
    panel.set_progress(10**6, 1e6, 300.0)
    panel.body.activate()
    assert [panel.minimumSizeHint(), panel.progress_label.geometry()] == quiet
    assert panel.progress_label.text() == "turn 1000001 · 277:46:40 of at least 05:00"


def test_a_favourite_has_a_heart_and_a_hold_is_told(panel: NowPlayingPanel) -> None:
    panel.set_recipe(a_recipe(), is_starter=False)
    assert not panel.heart_label.isVisible()
    title = panel.title_label.geometry()
    panel.set_state(TransportState(is_running=True, is_favourite=True, is_held=True, is_paused=True))
    panel.body.activate()
    assert panel.heart_label.isVisible()
    assert panel.title_label.geometry() == title
    assert panel.header.info == "held · paused"
    panel.set_recipe(a_recipe(), is_starter=True)
    assert panel.header.info == "starter loop · held · paused"
    panel.set_state(TransportState())
    assert not panel.heart_label.isVisible()
    assert panel.header.info == "starter loop"


def test_a_sound_of_the_persons_own_says_where_it_is_from_and_that_it_is_not_kept(panel: NowPlayingPanel) -> None:
    panel.set_generator_titles({"composer": "Built-in composer"})
    own = replace(a_recipe(), generator="file", model="", seed=None, prompt="Coast", title="Coast")
    panel.set_recipe(own, is_starter=False)
    assert (panel.prompt_label.text(), panel.maker_label.text()) == ("", "Sound file")
    panel.set_recipe(replace(own, excerpt=Excerpt(723.4, 3750.0)), is_starter=False)
    assert panel.prompt_label.text() == "from 12:03 of 1:02:30"
    panel.set_state(TransportState(is_running=True, can_rate=True, is_unkept=True))
    assert panel.header.info == "not kept"
    assert "favourite" in panel.header.toolTip()
    panel.set_state(TransportState(is_running=True, can_rate=True))
    assert (panel.header.info, panel.header.toolTip()) == ("", "")


def test_measured_tempo_and_key_stand_beside_what_was_asked_for(panel: NowPlayingPanel) -> None:
    recipe = a_recipe(facts=MusicFacts(92.34, "E minor"), asked=Asked(speed=1.05))

    def shown(tempo: TempoFit | None, key: KeyFit | None) -> str:
        panel.set_recipe(recipe, False, MusicFit(tempo, key))
        return panel.facts_label.text().partition(" bars · ")[2]

    assert shown(None, None) == "92.3 bpm · E minor · stretched, +5 %"
    tempo, key = TempoFit(85.0, 92.34, Fit.OTHER), KeyFit("A minor", "E minor", Fit.OTHER)
    assert shown(tempo, key) == "92.3 bpm, not 85 · E minor, not A minor · stretched, +5 %"
    tempo, key = TempoFit(46.2, 92.34, Fit.DOUBLE), KeyFit("G major", "E minor", Fit.RELATIVE)
    assert shown(tempo, key) == "92.3 bpm, twice 46.2 · E minor, relative of G major · stretched, +5 %"
    tempo, key = TempoFit(92.0, 92.34, Fit.AS_ASKED), KeyFit("E minor", "E minor", Fit.AS_ASKED)
    assert shown(tempo, key) == "92.3 bpm as asked · E minor as asked · stretched, +5 %"
    tempo, key = TempoFit(92.0, None, Fit.NOT_HEARD), KeyFit("E minor", None, Fit.NOT_HEARD)
    assert shown(tempo, key) == "no tempo heard, 92 bpm asked · no key heard, E minor asked · stretched, +5 %"
