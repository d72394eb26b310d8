# SPDX-License-Identifier: GPL-3.0-or-later
"""Servers of other programs make clips for the studio by the whole way: gate, machine, protocol, gate."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.errors import NotTaken, RemoteError, RemoteNone, TempoMissing, UnknownChoice
from engine.generators.base import GeneratorSettings, finished
from engine.generators.remote.declared import TITLES
from engine.generators.remote.speaker import SPEAKERS
from engine.generators.service import make_clip
from engine.values import ClipRequest, ClipResult, Layer
from tests.engine.generators.remote.asked import free_address, request
from tests.standins.infinifi import InfinifiServer
from tests.standins.jerry4loops import JerryServer, Misdeeds

RATE = 44_100


def settings(speaks: str, *addresses: str, there: str = "") -> GeneratorSettings:
    values = {"protocol": speaks, "addresses": ", ".join(addresses), "settings": there}
    return GeneratorSettings().with_values("remote", values)


def clip_of(asked: ClipRequest, set_to: GeneratorSettings) -> ClipResult:
    return finished(make_clip(asked, set_to))


def test_a_loop_of_whole_bars_comes_through_both_gates() -> None:
    with JerryServer() as server:
        asked = request("dusty break 93 bpm", 20.0, layer=Layer.DRUMS, seed=3)
        result = clip_of(asked, settings("jerry4loops", server.url, there="steps=12"))
        assert server.asked[-1].fields["steps"] == "12"
        assert server.asked[-1].fields["prompt"] == "dusty break 93bpm"
    # A loop of 10.3 s is no clip of 20 s, and yet what was asked for: its bars say how long it is.
    assert result.clip.n_samples == int(4 * 240 / 93 * RATE)
    assert (result.clip.sample_rate, result.clip.n_channels, result.clip.wraps) == (RATE, 2, True)
    assert (result.facts.bars, result.facts.tempo_bpm, result.seed) == (4, 93.0, 3)
    assert result.versions["made on another machine by"] == "jerry4loops"


def test_the_tempo_and_the_key_of_the_music_before_can_be_taken_up() -> None:
    with JerryServer() as server:
        asked = request("dusty break", 20.0, bpm=92.31, key="A minor")
        result = clip_of(asked, settings("jerry4loops", server.url))
        assert server.asked[-1].fields["prompt"] == "dusty break, A minor 92bpm"
    assert result.facts.tempo_bpm == 92.0


def test_what_is_missing_or_not_taken_is_told_and_nothing_is_made() -> None:
    with JerryServer() as jerry, InfinifiServer() as infinifi:
        with pytest.raises(TempoMissing):
            clip_of(request("dusty break"), settings("jerry4loops", jerry.url))
        with pytest.raises(UnknownChoice, match="steps, cfg_scale, finetune"):
            clip_of(request("dub 90 bpm"), settings("jerry4loops", jerry.url, there="speed=3"))
        for fields in ({"bars": 4}, {"seed": 1}, {"negative_prompt": "drums"}, {"layer": Layer.DRUMS}):
            with pytest.raises(NotTaken, match="infinifi"):
                clip_of(replace(request("lofi"), **fields), settings("infinifi", infinifi.url))
        asked = [one for one in (*jerry.asked, *infinifi.asked) if one.path.startswith("/generate")]
    assert asked == []


def test_what_one_machine_fails_at_another_makes() -> None:
    with JerryServer(Misdeeds(fails="out of memory")) as ill, JerryServer() as well:
        result = clip_of(request("dub 160bpm", 6.0), settings("jerry4loops", free_address(), ill.url, well.url))
        assert result.facts.bars == 4
        with pytest.raises(RemoteNone, match="out of memory"):
            clip_of(request("dub 160bpm", 6.0), settings("jerry4loops", free_address(), ill.url))


def test_clips_of_infinifi_are_kept_from_one_request_to_the_next() -> None:
    with InfinifiServer(n_not_yet=0, clip_s=6.0) as server:
        set_to = settings("infinifi", server.url)
        results = [clip_of(request("rainy guitar", 5.0, bpm=85.0), set_to) for _ in range(5)]
        assert server.paths.count("/generate") == 1
    assert [one.facts.tags[1] for one in results] == ["guitar", "futuristic", "mellow piano", "earthy", "ambient"]
    assert all(one.clip.n_samples == 5 * RATE for one in results)
    with pytest.raises(RemoteError):
        clip_of(request("rainy guitar", 5.0), set_to)


def test_each_protocol_has_a_title() -> None:
    assert set(TITLES) == set(SPEAKERS)
