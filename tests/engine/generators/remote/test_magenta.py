# SPDX-License-Identifier: GPL-3.0-or-later
"""A MagentaRT server's stand-in makes clips and endless jams by its own rules, and its faults are told in sentences."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import soundfile

from engine.errors import (
    NotTaken,
    RemoteBusy,
    RemoteError,
    RemoteNotOurs,
    RemoteTokenMissing,
    TempoMissing,
    UnknownChoice,
)
from engine.generators.base import GeneratorSettings, finished
from engine.generators.remote import magenta_server
from engine.generators.remote.magenta import MagentaSpeaker
from engine.generators.remote.magenta_wanted import styles_of, wanted_music
from engine.generators.service import leave_music, make_clip
from engine.values import Clip, ClipRequest, ClipResult, EndlessMusic, Layer, Restyle
from tests.engine.generators.remote.asked import at, free_address, made, request, values
from tests.standins.jerry4loops import like_the_usual
from tests.standins.magenta import CLIP_HZ, MagentaServer, Misdeeds, hz_of, pitch_of

RATE = 44_100


@pytest.fixture
def server() -> Iterator[MagentaServer]:
    with MagentaServer() as server:
        yield server


@pytest.fixture(autouse=True)
def _without_rests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(magenta_server, "NOT_YET_REST_S", {204: 0.01, 408: 0.02})


def tone(seconds: float = 2.0, rate: int = RATE) -> Clip:
    at_s = np.arange(round(seconds * rate)) / rate
    return Clip(np.stack([np.sin(2 * np.pi * 220 * at_s)] * 2, axis=1).astype(np.float32), rate)


def part(name: str = "one", n_reseeded: int = 0, **fields: Any) -> ClipRequest:
    """Return the request for the next part of endless music."""
    usual: dict[str, Any] = {"bpm": 120.0, "bars": 4, "continue_from": tone()}
    return request("warm pads", 8.0, part_of=EndlessMusic(name, n_reseeded), **(usual | fields))


def heard(result: ClipResult) -> float:
    return pitch_of(result.clip.samples[:RATE], result.clip.sample_rate)


# --- words ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("prompt", "styles", "weights"),
    [
        ("acid house", ("acid house",), (1.0,)),
        ("warm-up, techno: 0.4", ("warm-up", "techno"), (1.0, 0.4)),
        ("lofi, 85 bpm, dusty :2", ("lofi", "dusty"), (1.0, 2.0)),
        ("pads, A minor", ("pads A minor",), (1.0,)),
        ("a, b: 0.5, c, d, e, f", ("a", "b", "c", "d e f"), (1.0, 0.5, 1.0, 1.0)),
        ("90 bpm", ("music",), (1.0,)),
        ("ratio 3:2", ("ratio 3",), (2.0,)),
        ("house, dub: 0.4 drum loop", ("house", "dub drum loop"), (1.0, 0.4)),
    ],
)
def test_styles_and_weights_are_read_from_the_prompt(
    prompt: str, styles: tuple[str, ...], weights: tuple[float, ...]
) -> None:
    assert styles_of(prompt) == (styles, weights)


@pytest.mark.parametrize(("bars", "chunk"), [(1, 4), (2, 4), (4, 4), (8, 8)])
def test_bars_are_made_four_or_eight_at_once(bars: int, chunk: int) -> None:
    wanted = wanted_music(request("dub", bpm=90.0, bars=bars))
    assert (wanted.bars, wanted.terms.chunk_bars) == (bars, chunk)


def test_what_cannot_be_asked_is_refused_before_it_is(server: MagentaServer) -> None:
    with pytest.raises(TempoMissing):
        made(MagentaSpeaker(at(server.url)), request("dub"))
    with pytest.raises(UnknownChoice, match="1, 2, 4, 8"):
        made(MagentaSpeaker(at(server.url)), request("dub", bpm=90.0, bars=3))
    assert not server.asked_for("/generate")


# --- a clip at once ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("bpm", "bars", "metre"), [(93.7, 4, None), (120.0, 8, "3/4"), (111.0, 2, None)])
def test_a_clip_has_its_bars_to_the_sample(server: MagentaServer, bpm: float, bars: int, metre: str | None) -> None:
    _, result = made(MagentaSpeaker(at(server.url)), request("dub", bpm=bpm, bars=bars, metre=metre))
    beats = 4 if metre is None else 3
    assert abs(result.clip.n_samples - bars * beats * 60 * RATE / bpm) <= 1.0
    assert (result.facts.bars, result.facts.tempo_bpm, result.facts.beats_per_bar) == (bars, bpm, beats)
    assert result.clip.wraps
    assert abs(heard(result) - CLIP_HZ) < 5.0
    assert result.versions == {"MagentaRT": "thepatch/magenta-ft"}


def test_without_a_sound_a_metronome_tells_the_tempo_and_counts_for_nothing(server: MagentaServer) -> None:
    made(MagentaSpeaker(at(server.url)), request("dub: 0.5, brass, 120 bpm", 8.0, bars=4))
    sent = server.asked_for("/generate")[0]
    assert (sent.fields["styles"], sent.fields["style_weights"]) == ("dub,brass", "0.5,1")
    assert (sent.fields["bpm"], sent.fields["bars"], sent.fields["loop_weight"]) == ("120", "4", "0")
    sound, rate = soundfile.read(io.BytesIO(sent.files["loop_audio"]))
    ticks = np.flatnonzero(np.diff((np.abs(sound[:, 0]) > 0.05).astype(int), prepend=0) > 0)
    firsts = ticks[np.diff(ticks, prepend=-rate) > rate // 4]
    assert len(firsts) == 16
    np.testing.assert_allclose(np.diff(firsts), rate / 2, atol=2)


@pytest.mark.parametrize(
    ("fields", "weight"), [({"continue_from": tone()}, "0.8"), ({"restyle": Restyle(tone(), 0.25)}, "0.6")]
)
def test_a_sound_is_gone_on_from_or_restyled(server: MagentaServer, fields: dict[str, Any], weight: str) -> None:
    own = values(loop_weight=0.8, guidance_weight=5.0, temperature=2.0, topk=64)
    made(MagentaSpeaker(at(server.url)), request("dub", bpm=120.0, bars=4, **fields, **own))
    sent = server.asked_for("/generate")[0]
    assert sent.fields["loop_weight"] == weight
    assert [sent.fields[one] for one in ("guidance_weight", "temperature", "topk")] == ["5", "2", "64"]
    sound, rate = soundfile.read(io.BytesIO(sent.files["loop_audio"]))
    assert (rate, len(sound)) == (RATE, 2 * RATE)
    np.testing.assert_allclose(sound, tone().samples, atol=2**-14)


# --- endless music ----------------------------------------------------------------------------------------------------


def test_a_jam_is_begun_once_its_parts_follow_and_what_is_heard_is_told(server: MagentaServer) -> None:
    speaker = MagentaSpeaker(at(server.url))
    results = [made(speaker, part(bpm=97.0))[1] for _ in range(5)]
    assert len(server.asked_for("/jam/start")) == 1
    assert [round(heard(one) / 50) for one in results] == [round(hz_of(n) / 50) for n in range(5)]
    # Two parts come before any is heard; each further one is asked for as the one two before it is.
    order = [one.path.partition("?")[0] for one in server.asked if one.path.startswith("/jam")]
    assert order == ["/jam/start", *["/jam/next"] * 2, *["/jam/consume", "/jam/next"] * 3]
    assert [one.fields["chunk_index"] for one in server.asked_for("/jam/consume")] == ["0", "1", "2"]
    total = sum(one.clip.n_samples for one in results)
    assert abs(total - 5 * 16 * 60 * RATE / 97.0) <= 1.0


def test_parts_are_never_out_of_reach_of_what_is_made_ahead(server: MagentaServer) -> None:
    speaker = MagentaSpeaker(at(server.url))
    offer = speaker.capabilities()
    for _ in range(12):
        finished(speaker.submit(part(bpm=200.0), offer))
    # None of them was answered with “not yet”.
    assert len(server.asked_for("/jam/next")) == 12


def test_shorter_parts_are_cut_from_the_bars_that_come_at_once(server: MagentaServer) -> None:
    speaker = MagentaSpeaker(at(server.url))
    results = [made(speaker, part(bars=2))[1] for _ in range(4)]
    assert len(server.asked_for("/jam/next")) == 2
    assert [round(heard(one) / 50) for one in results] == [8, 8, 9, 9]
    assert {one.clip.n_samples for one in results} == {4 * RATE}


def test_other_words_and_knobs_are_told_with_the_next_part_and_only_these(server: MagentaServer) -> None:
    speaker = MagentaSpeaker(at(server.url))
    made(speaker, part(evolve=0.25))
    assert server.asked_for("/jam/start")[0].fields["loop_weight"] == "0.75"
    made(speaker, part(evolve=0.25))
    assert not server.asked_for("/jam/update")
    made(speaker, part(evolve=0.25, **values(temperature=3.0, topk=7)))
    made(speaker, replace(part(evolve=0.25, **values(temperature=3.0, topk=7)), prompt="techno: 0.4, dub"))
    knobs, words = (one.fields for one in server.asked_for("/jam/update"))
    assert knobs == {"session_id": "jam-1", "temperature": "3", "topk": "7"}
    assert words == {
        "session_id": "jam-1",
        "styles": "techno,dub",
        "style_weights": "0.4,1",
        "loop_weight": "0.75",
        "use_current_mix_as_style": "true",
    }
    assert server.jams["jam-1"].fields["temperature"] == "3"


def test_a_metronome_never_becomes_a_style(server: MagentaServer) -> None:
    speaker = MagentaSpeaker(at(server.url))
    made(speaker, part(continue_from=None))
    made(speaker, replace(part(), prompt="techno"))
    assert [one.fields["loop_weight"] for one in server.asked_for("/jam/start")] == ["0"]
    sent = server.asked_for("/jam/update")[0].fields
    assert (sent["loop_weight"], "use_current_mix_as_style" in sent) == ("0", False)
    made(speaker, replace(part(n_reseeded=1), prompt="techno"))
    assert server.asked_for("/jam/update")[1].fields["use_current_mix_as_style"] == "true"


def test_reseeding_sends_the_mix_once(server: MagentaServer) -> None:
    speaker = MagentaSpeaker(at(server.url))
    made(speaker, part())
    for _ in range(2):
        made(speaker, part(n_reseeded=1, continue_from=tone(1.0)))
    (sent,) = server.asked_for("/jam/reseed_splice")
    assert sent.fields == {"session_id": "jam-1", "anchor_bars": "4"}
    assert soundfile.info(io.BytesIO(sent.files["combined_audio"])).duration == 1.0


@pytest.mark.parametrize("fields", [{"bpm": 90.0}, {"bars": 8}, {"metre": "3/4"}])
def test_another_tempo_or_length_is_another_jam(server: MagentaServer, fields: dict[str, Any]) -> None:
    speaker = MagentaSpeaker(at(server.url))
    made(speaker, part())
    _, result = made(speaker, part(**fields))
    assert [one.fields["session_id"] for one in server.asked_for("/jam/stop")] == ["jam-1"]
    assert list(server.jams) == ["jam-2"]
    assert abs(heard(result) - hz_of(0)) < 5.0


def test_what_is_not_made_yet_is_waited_for(server: MagentaServer) -> None:
    server.misdeeds.not_yet = [204, 408, 204]
    _, result = made(MagentaSpeaker(at(server.url)), part())
    assert len(server.asked_for("/jam/next")) == 4
    assert abs(heard(result) - hz_of(0)) < 5.0


def test_a_jam_that_the_server_lost_goes_on_from_the_last_part(server: MagentaServer) -> None:
    speaker = MagentaSpeaker(at(server.url))
    made(speaker, part())
    server.lose()
    made(speaker, part(continue_from=tone(3.0)))
    assert list(server.jams) == ["jam-2"]
    begun = server.asked_for("/jam/start")[1]
    assert soundfile.info(io.BytesIO(begun.files["loop_audio"])).duration == 3.0


def test_a_jam_is_left_once_and_another_one_can_begin(server: MagentaServer) -> None:
    speaker = MagentaSpeaker(at(server.url))
    made(speaker, part("one"))
    with pytest.raises(RemoteBusy, match="one jam at a time"):
        made(speaker, part("two"))
    speaker.leave("one")
    speaker.leave("one")
    assert len(server.asked_for("/jam/stop")) == 1
    made(speaker, part("two"))
    speaker.leave("two")
    assert not server.jams


def test_a_jam_that_is_cancelled_as_it_begins_does_not_run_on(server: MagentaServer) -> None:
    server.misdeeds.slow_start_s = 0.3
    speaker = MagentaSpeaker(at(server.url))
    steps = speaker.submit(part(), speaker.capabilities())
    next(steps)
    steps.close()
    for _ in range(200):
        if server.asked_for("/jam/stop"):
            break
        threading.Event().wait(0.02)
    assert not server.jams
    made(speaker, part())


# --- faults -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("in_jam", [True, False])
def test_music_of_another_tempo_keeps_its_bars_at_that(server: MagentaServer, *, in_jam: bool) -> None:
    server.misdeeds.off = 1.25
    asked = part() if in_jam else request("dub", bpm=120.0, bars=4)
    _, result = made(MagentaSpeaker(at(server.url)), asked)
    assert (result.facts.tempo_bpm, result.facts.bars) == (150.0, 4)
    assert result.clip.n_samples == round(16 * 60 * RATE / 150)
    server.misdeeds.is_silent_on_tempo = True
    with pytest.raises(RemoteError, match=r"lasts 6\.4 s, where 4 bars at 120 bpm take 8\.0 s"):
        made(MagentaSpeaker(at(server.url)), replace(asked, part_of=None))


@pytest.mark.parametrize(
    ("misdeeds", "error", "words"),
    [
        (Misdeeds(status=500), RemoteError, "HTTP 500 .“not now”"),
        (Misdeeds(rubbish="json"), RemoteError, "holds no clip"),
        (Misdeeds(rubbish="base64"), RemoteError, "base64"),
        (Misdeeds(rubbish="sound"), RemoteError, "cannot be read"),
        (Misdeeds(rubbish="hang-up"), RemoteError, "broke off"),
        (Misdeeds(is_template=True), RemoteError, "not ready: “This Space is a GPU template"),
        (Misdeeds(token="secret"), RemoteTokenMissing, "token"),
    ],
)
@pytest.mark.parametrize("in_jam", [True, False])
def test_each_fault_is_told(misdeeds: Misdeeds, error: type[RemoteError], words: str, *, in_jam: bool) -> None:
    with MagentaServer(misdeeds) as server, pytest.raises(error, match=words):
        made(MagentaSpeaker(at(server.url)), part() if in_jam else request("dub", bpm=120.0, bars=4))


@pytest.mark.parametrize("bpm", [10**400, 1e-320, float("inf"), float("nan"), -120, "fast", None, [120]])
@pytest.mark.parametrize("in_jam", [True, False])
def test_a_tempo_that_no_music_has_is_not_believed(bpm: object, *, in_jam: bool) -> None:
    misdeeds = Misdeeds(off=2.0, metadata={"bpm": bpm})
    with MagentaServer(misdeeds) as server, pytest.raises(RemoteError, match=r"where 4 bars at 120 bpm take 8\.0 s"):
        made(MagentaSpeaker(at(server.url)), part() if in_jam else request("dub", bpm=120.0, bars=4))


@pytest.mark.parametrize("session", ["\ud800", "a\nb", "x" * 100_000])
def test_a_jam_without_an_id_that_can_be_said_is_none(session: str) -> None:
    with MagentaServer(Misdeeds(session=session)) as server, pytest.raises(RemoteError, match="did not say which"):
        made(MagentaSpeaker(at(server.url)), part())


def test_a_part_that_is_never_made_is_given_up(server: MagentaServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(magenta_server, "PART_S", 0.5)
    # It is asked again at once: what counts is how long it is waited for.
    monkeypatch.setattr(magenta_server, "NOT_YET_REST_S", {204: 0.0, 408: 0.0})
    server.misdeeds.not_yet = [408] * 1_000_000
    with pytest.raises(RemoteError, match="not made within"):
        made(MagentaSpeaker(at(server.url)), part())


def test_another_server_is_known_for_one() -> None:
    with like_the_usual() as jerry, pytest.raises(RemoteNotOurs):
        MagentaSpeaker(at(jerry.url)).capabilities()
    with pytest.raises(RemoteError, match="refuses connections"):
        MagentaSpeaker(at(free_address())).capabilities()


# --- by the whole way -------------------------------------------------------------------------------------------------


def settings(protocol: str, *addresses: str) -> GeneratorSettings:
    return GeneratorSettings().with_values("remote", {"protocol": protocol, "addresses": ", ".join(addresses)})


def test_endless_music_stays_where_it_began_and_is_left_there() -> None:
    with MagentaServer() as first, MagentaServer() as second:
        set_to = settings("magentart", first.url, second.url)
        for _ in range(4):
            result = finished(make_clip(part("stays"), set_to))
        played, idle = (first, second) if first.jams else (second, first)
        assert (len(played.asked_for("/jam/start")), len(idle.asked_for("/jam/start"))) == (1, 0)
        assert abs(heard(result) - hz_of(3)) < 5.0
        leave_music("stays")
        assert not played.jams


def test_an_eased_request_loses_what_the_machine_does_not_take() -> None:
    asked = replace(part(), layer=Layer.DRUMS, seed=4, negative_prompt="brass")
    with MagentaServer() as server:
        with pytest.raises(NotTaken):
            finished(make_clip(asked, settings("magentart", server.url)))
        finished(make_clip(replace(asked, is_eased=True), settings("magentart", server.url)))
        assert server.asked_for("/jam/start")[0].fields["styles"] == "warm pads drum loop"
        leave_music("one")
    # A server that knows no endless music makes a loop of the same words.
    with like_the_usual() as jerry:
        eased = replace(asked, is_eased=True, negative_prompt="")
        finished(make_clip(eased, settings("jerry4loops", jerry.url)))
        assert jerry.asked[-1].fields["loop_type"] == "drums"
