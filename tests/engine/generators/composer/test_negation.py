# SPDX-License-Identifier: GPL-3.0-or-later
"""These tests check what a prompt leaves out, how far a "no" reaches, and what is to play alone."""

from __future__ import annotations

import pytest

from engine.generators.composer.arrange import write_score
from engine.generators.composer.brief import asked_brief
from engine.generators.composer.drums import PIECES
from engine.generators.composer.instruments import INSTRUMENTS
from engine.generators.composer.plan import make_plan
from engine.generators.composer.prompt import read_prompt, understand
from engine.generators.composer.streams import Streams
from engine.values import ClipRequest, Layer


def shown(prompt: str) -> dict[str, set[str]]:
    """Return the chips of a prompt that say what is left out ("no") and what plays ("yes")."""
    texts = set(understand(prompt))
    out = {text for text in texts if text.startswith(("no ", "not "))}
    return {"no": {text.partition(" ")[2] for text in out}, "yes": texts - out}


@pytest.mark.parametrize(
    ("prompt", "left_out", "stays"),
    [
        # One thing.
        ("no vocals", {"vocals"}, set()),
        ("ambient without piano", {"piano"}, {"ambient"}),
        ("jazz senza sax", {"sax"}, {"jazz"}),
        ("lofi minus drums", {"drums"}, {"lofi"}),
        ("zero synth", {"synth"}, set()),
        ("niente chitarra", {"guitar"}, set()),
        ("nessuna voce", {"vocals"}, set()),
        ("no hi-hat techno", {"hi-hat"}, {"techno"}),
        ("without any kind of guitar", {"guitar"}, set()),
        ("I don't want drums", {"drums"}, set()),
        ("don’t use the piano, please", {"piano"}, set()),
        ("non voglio la chitarra", {"guitar"}, set()),
        ("remove the bass", {"bass"}, set()),
        ("drumless ambient", {"drums"}, {"ambient"}),
        ("instrumental funk", {"vocals"}, {"funk"}),
        ("drum-free techno", {"drums"}, {"techno"}),
        ("AMBIENT WITHOUT PIANO", {"piano"}, {"ambient"}),
        ("rock w/o bass, w/ flute", {"bass"}, {"rock", "flute"}),
        # Lists.
        ("no drums or bass", {"drums", "bass"}, set()),
        ("no drums, bass or lead", {"drums", "bass", "melody"}, set()),
        ("no drums, bass, or lead", {"drums", "bass", "melody"}, set()),
        ("without drums, bass, and vocals", {"drums", "bass", "vocals"}, set()),
        ("without any guitars and strings", {"guitar", "strings"}, set()),
        ("no strings or choir", {"strings", "choir"}, set()),
        ("no drums and bass", {"drums", "bass"}, set()),
        ("no drums/bass/vocals", {"drums", "bass", "vocals"}, set()),
        ("no drums & bass guitar", {"drums", "bass"}, set()),
        ("senza batteria, basso e voce", {"drums", "bass", "vocals"}, set()),
        ("senza piano o archi", {"piano", "strings"}, set()),
        ("senza piano né chitarra", {"piano", "guitar"}, set()),
        ("né piano né chitarra", {"piano", "guitar"}, set()),
        ("neither piano nor guitar", {"piano", "guitar"}, set()),
        ("no piano, no guitar, no drums", {"piano", "guitar", "drums"}, set()),
        ("no violin, cello, flute or harp, calm", {"violin", "cello", "flute", "harp"}, {"calm"}),
        # Where it ends.
        ("no drums, piano only", {"drums"}, {"piano", "solo"}),
        ("no drums, piano", {"drums"}, {"piano"}),
        ("no drums, soft piano and strings", {"drums"}, {"piano", "strings", "calm"}),
        ("no drums and soft piano", {"drums"}, {"piano", "calm"}),
        ("no drums, no bass, piano and strings", {"drums", "bass"}, {"piano", "strings"}),
        ("no drums, piano and strings only", {"drums"}, {"piano", "strings", "solo"}),
        ("ambient without drums or bass, with piano", {"drums", "bass"}, {"ambient", "piano"}),
        ("senza batteria ma con piano", {"drums"}, {"piano"}),
        ("no drums but bass", {"drums"}, {"bass"}),
        ("no drums. Piano and flute", {"drums"}, {"piano", "flute"}),
        ("ambient (no drums) piano", {"drums"}, {"ambient", "piano"}),
        ("no drums; flute or harp", {"drums"}, {"flute", "harp"}),
        ("techno no vocals dark 130 bpm", {"vocals"}, {"techno", "dark", "130 bpm"}),
        ("no drums 3/4", {"drums"}, {"3/4"}),
        ("no drums, 90 bpm and 8 bars", {"drums"}, {"90 bpm", "8 bars"}),
        ("no drums and 90 bpm", {"drums"}, {"90 bpm"}),
        ("no drums, jazz and funk", {"drums"}, {"jazz", "funk"}),
        ("no, piano please", set(), {"piano"}),
        ("guitar instead of piano", {"piano"}, {"guitar"}),
        ("instead of piano, guitar", {"piano"}, {"guitar"}),
        ("flauto invece del violino", {"violin"}, {"flute"}),
        ("no synth except pads", {"synth"}, {"pad"}),
        ("everything except drums", {"drums"}, set()),
        ("jazz without piano or drums, sax and bass", {"piano", "drums"}, {"jazz", "saxophone", "bass"}),
        ("no drums, bass or lead, piano and flute", {"drums", "bass", "melody"}, {"piano", "flute"}),
        ("no lead vocals", {"vocals"}, set()),
        ("no guitar skank", {"muted guitar"}, set()),
        # Adjectives and feelings.
        ("nothing too dark", {"dark"}, set()),
        ("not sad, happy", {"sad"}, {"happy"}),
        ("non triste ma felice", {"sad"}, {"happy"}),
        ("not sad or slow", {"sad", "slow"}, set()),
        ("neither sad nor happy", {"sad", "happy"}, set()),
        ("not dark techno", {"dark"}, {"techno"}),
        ("not bright", {"bright"}, set()),
        ("no loud guitars", {"guitar"}, set()),
        ("no sad piano", {"piano"}, set()),
        ("no trap hi-hats", {"hi-hat"}, set()),
        ("not jazz", {"jazz"}, set()),
        ("house, not techno", {"techno"}, {"house"}),
        ("not in 4/4", {"4/4"}, set()),
        # What looks like a "no" and is none.
        ("not without strings", set(), {"strings"}),
        ("non senza archi", set(), {"strings"}),
        ("not only piano", set(), {"piano"}),
        ("nothing but strings", set(), {"strings", "solo"}),
        ("nient'altro che archi", set(), {"strings", "solo"}),
        ("piano without", set(), {"piano"}),
        ("senza", set(), set()),
    ],
)
def test_a_no_reaches_what_it_means(
    monkeypatch: pytest.MonkeyPatch, prompt: str, left_out: set[str], stays: set[str]
) -> None:
    monkeypatch.setitem(INSTRUMENTS, "cello", INSTRUMENTS["strings"])
    assert shown(prompt) == {"no": left_out, "yes": stays}


def test_what_is_not_asked_for_changes_nothing_else() -> None:
    brief = read_prompt("not sad, not bright, not techno, happy")
    assert (brief.moods, brief.brightness, brief.style) == (("happy",), 0.0, None)
    assert brief.not_styles == {"techno"}


@pytest.mark.parametrize(
    ("prompt", "excluded", "kept"),
    [
        ("no guitar", {"guitar", "steel guitar", "muted guitar", "distorted guitar"}, {"piano"}),
        ("no piano", {"piano", "electric piano"}, {"organ"}),
        ("no electric piano", {"electric piano"}, {"piano"}),
        ("electric piano, no piano", {"piano"}, {"electric piano"}),
        ("no synth", {"supersaw", "warm pad", "synth lead", "synth bass", "pluck"}, {"strings", "upright bass"}),
        ("no vocals", {"choir"}, {"strings"}),
        ("senza archi", {"strings", "violin"}, {"harp"}),
        ("no brass", {"brass", "trumpet"}, {"sax"}),
        ("no organ", {"organ", "organ bass"}, {"piano"}),
        ("no hi-hats", {"hat", "open"}, {"ride", "kick"}),
        ("no cymbals", {"ride", "crash"}, {"snare"}),
        ("no congas", {"conga_high", "conga_low"}, {"shaker"}),
        ("no 909", {"909"}, {"808"}),
    ],
)
def test_a_family_is_left_out_whole(prompt: str, excluded: set[str], kept: set[str]) -> None:
    brief = read_prompt(prompt)
    assert excluded <= brief.excluded
    assert not kept & brief.excluded


def test_a_family_has_instruments_that_come_later(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(INSTRUMENTS, "baritone guitar", INSTRUMENTS["guitar"])
    assert "baritone guitar" in read_prompt("no guitar").excluded


def test_what_is_both_asked_for_and_excluded_is_excluded() -> None:
    brief = read_prompt("piano, no piano, drums, without drums")
    assert brief.instruments == ()
    assert not brief.drums


@pytest.mark.parametrize(
    ("prompt", "without"),
    [
        ("no pads", {"pad"}), ("no chords", {"chords"}), ("senza accordi", {"chords"}), ("no arpeggio", {"arp"}),
        ("no melody", {"lead"}), ("senza basso", {"bass"}), ("no percussion", {"drums"}), ("no upright bass", set()),
    ],
)  # fmt: skip
def test_roles_are_left_out(prompt: str, without: set[str]) -> None:
    brief = read_prompt(prompt)
    assert (brief.without | ({"pad"} if "warm pad" in brief.excluded else set())) == without


@pytest.mark.parametrize(
    ("prompt", "instruments", "drums", "wanted"),
    [
        ("solo piano", ("piano",), False, set()),
        ("piano solo", ("piano",), False, set()),
        ("just piano", ("piano",), False, set()),
        ("solo pianoforte", ("piano",), False, set()),
        ("con solo pianoforte", ("piano",), False, set()),
        ("a calm solo piano piece", ("piano",), False, set()),
        ("solo piano jazz", ("piano",), False, set()),
        ("solo jazz piano", ("piano",), False, set()),
        ("only strings", ("strings",), False, set()),
        ("soltanto archi", ("strings",), False, set()),
        ("unaccompanied violin", ("violin",), False, set()),
        ("piano and strings only", ("piano", "strings"), False, set()),
        ("solo violino e pianoforte", ("violin", "piano"), False, set()),
        ("a techno beat, piano only", ("piano",), False, {"drums"}),
        ("solo, slow piano", ("piano",), False, set()),
        ("drums only", (), True, {"drums"}),
        ("solo batteria", (), True, {"drums"}),
        ("techno drums only", (), True, {"drums"}),
        ("just a beat", (), True, {"drums"}),
        ("congas only", (), True, {"drums"}),
        ("only drums and bass", (), True, {"drums", "bass"}),
        ("bass only", (), False, {"bass"}),
        ("upright bass and drums only", ("upright bass",), True, {"drums"}),
    ],
)
def test_what_plays_alone(prompt: str, instruments: tuple[str, ...], drums: bool, wanted: set[str]) -> None:
    brief = read_prompt(prompt)
    assert brief.solo
    assert (brief.instruments, brief.drums, set(brief.wanted)) == (instruments, drums, wanted)
    assert understand(prompt).count("solo") == 1


@pytest.mark.parametrize(
    "prompt",
    ["rock with a guitar solo", "rock with guitar solo", "con un solo di sax", "not only piano", "only jazz", "solo",
     "just a techno beat", "piano and drums"],
)  # fmt: skip
def test_what_does_not_play_alone(prompt: str) -> None:
    assert not read_prompt(prompt).solo


@pytest.mark.parametrize("prompt", ["drums only, techno", "solo batteria, jazz", "bass only, funk", "solo"])
@pytest.mark.parametrize("layer", [Layer.EVERYTHING, Layer.DRUMS, Layer.INSTRUMENTS])
def test_whatever_plays_alone_can_be_written(prompt: str, layer: Layer) -> None:
    asked = asked_brief(ClipRequest(1, prompt, "composer", "", 8.0, layer=layer))
    streams = Streams(1)
    score = write_score(lambda take: make_plan(asked, 8.0, 44100, streams, take=take), streams)
    if asked.solo:
        assert {part.style.role for part in score.parts} <= asked.wanted
    assert score.parts or score.hits


def test_every_name_in_excluded_is_there() -> None:
    brief = read_prompt("no guitar, piano, synth, strings, vocals, brass, hi-hats, cymbals, congas or bells")
    assert brief.excluded
    assert brief.excluded <= {*INSTRUMENTS, *PIECES}


@pytest.mark.parametrize(
    ("prompt", "amount"),
    [
        ("rain-free lofi", 0.0), ("lofi, no rain", 0.0), ("lofi senza pioggia", 0.0), ("pioggia leggera, lofi", 0.35),
        ("a bit of rain, lofi", 0.35), ("sta piovendo", 0.7), ("rain on the window", 0.7), ("piove forte", 1.0),
    ],
)  # fmt: skip
def test_rain_falls_as_much_as_is_said(prompt: str, amount: float) -> None:
    assert read_prompt(prompt).rain == pytest.approx(amount)
