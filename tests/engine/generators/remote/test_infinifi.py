# SPDX-License-Identifier: GPL-3.0-or-later
"""An infinifi server's stand-in is asked without haste, and nothing of the five clips that it makes is lost."""

from __future__ import annotations

from itertools import islice

import numpy as np
import pytest

from engine.errors import RemoteError, RemoteNotOurs, RemoteTokenMissing, RemoteTokenWrong
from engine.generators.base import finished
from engine.generators.capabilities import Takes
from engine.generators.remote import infinifi
from engine.generators.remote.infinifi import InfinifiSpeaker, rests
from engine.values import Clip
from tests.engine.generators.remote.asked import at, deaf, free_address, made, request
from tests.standins.infinifi import TONES_HZ, InfinifiServer
from tests.standins.jerry4loops import JerryServer


def speaker_for(server: InfinifiServer, token: str = "") -> InfinifiSpeaker:
    speaker = InfinifiSpeaker(at(server.url, token))
    speaker.first_rest_s = 0.01
    return speaker


def tone_hz(clip: Clip) -> int:
    """Return the clip's tone in Hz, as the stand-in chose it: of the clip's number, and one more for each batch."""
    half = clip.samples[: clip.sample_rate, 0]
    return int(np.abs(np.fft.rfft(half * np.hanning(len(half)))).argmax())


def test_one_order_makes_five_clips_and_a_second_comes_when_they_are_used() -> None:
    with InfinifiServer() as server:
        speaker = speaker_for(server)
        heard = [tone_hz(made(speaker, request("x", 2.0))[1].clip) for _ in range(5)]
        assert heard == [round(one) + 1 for one in TONES_HZ]
        assert server.paths.count("/generate") == 1
        assert tone_hz(made(speaker, request("x", 2.0))[1].clip) == round(TONES_HZ[0]) + 2
        assert server.paths.count("/generate") == 2


def test_the_clip_nearest_to_the_prompt_comes_first_and_says_which_it_is() -> None:
    with InfinifiServer() as server:
        speaker = speaker_for(server)
        _, guitar = made(speaker, request("Slow guitar, please", 2.0))
        _, first = made(speaker, request("something else", 2.0))
        _, ambient = made(speaker, request("ethereal pads and a guitar", 2.0))
    assert [tone_hz(one.clip) - 1 for one in (guitar, first, ambient)] == [550, 220, 660]
    assert guitar.facts.tags == ("lo-fi", "guitar")
    assert guitar.versions == {"infinifi": "clip 3, guitar"}
    assert guitar.seed is guitar.facts.tempo_bpm is guitar.asked_bars is None


def test_several_clips_of_one_request_are_of_one_order() -> None:
    with InfinifiServer() as server:
        speaker = speaker_for(server)
        _, result = made(speaker, request("x", 2.0, n_clips=3))
        assert [tone_hz(one.clip) - 1 for one in (result, *result.others)] == [220, 330, 440]
        assert tone_hz(made(speaker, request("x", 2.0))[1].clip) - 1 == 550
        assert server.paths.count("/generate") == 1


def test_a_clip_is_cut_to_what_was_asked_for_and_a_short_one_is_whole() -> None:
    with InfinifiServer(clip_s=4.0) as server:
        speaker = speaker_for(server)
        _, cut = made(speaker, request("x", 2.5))
        _, whole = made(speaker, request("x", 30.0))
    assert (cut.clip.sample_rate, cut.clip.n_channels, cut.clip.n_samples) == (32_000, 1, 80_000)
    assert not cut.clip.wraps
    assert 4.0 <= whole.clip.duration_s < 4.2  # an MP3 ends with a whole frame


def test_clips_that_are_made_for_another_are_waited_for() -> None:
    with InfinifiServer(n_not_yet=2) as server:
        server.is_busy = True
        speaker = speaker_for(server)
        speaker.first_rest_s = 0.15
        told, result = made(speaker, request("x", 2.0))
        assert tone_hz(result.clip) == 221
        assert server.paths.count("/generate") == 1
        # Once for the offer, twice too early, and once in time.
        assert server.paths.count("/clips/0") == 4
    assert all(one.fraction is None for one in told)
    assert "waiting" in {one.stage for one in told}


def test_the_clips_of_before_are_not_taken_for_new_ones() -> None:
    with InfinifiServer() as server:
        speaker = speaker_for(server)
        made(speaker, request("x", 2.0, n_clips=5))
        server.keeps_old = True
        _, result = made(speaker, request("x", 2.0))
        assert tone_hz(result.clip) == 222


def test_kept_clips_are_there_when_the_server_is_gone() -> None:
    with InfinifiServer() as server:
        speaker = speaker_for(server)
        made(speaker, request("x", 2.0))
    heard = [tone_hz(made(speaker, request("x", 2.0))[1].clip) for _ in range(4)]
    assert heard == [round(one) + 1 for one in TONES_HZ[1:]]
    with pytest.raises(RemoteError):
        made(speaker, request("x", 2.0))


@pytest.mark.soak
def test_clips_that_are_no_longer_fresh_are_made_anew() -> None:
    with InfinifiServer() as server:
        speaker = speaker_for(server)
        made(speaker, request("x", 2.0))
        speaker.fresh_s = 0.0
        made(speaker, request("x", 2.0))
        assert server.paths.count("/generate") == 2


def test_it_asks_less_and_less_often_and_not_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    waited = list(islice(rests(1.0), 20))
    assert waited[0] == 1.0
    assert waited == sorted(waited)
    assert waited[-1] == 10.0
    monkeypatch.setattr(infinifi, "MAKING_S", 0.2)
    with InfinifiServer(n_not_yet=10**6) as server:
        with pytest.raises(RemoteError, match="were not made within"):
            made(speaker_for(server), request("x", 2.0))
        n_asked = len(server.asked)
    assert n_asked < 20


def test_a_fault_or_two_are_survived_and_three_are_told() -> None:
    with InfinifiServer() as server:
        speaker = speaker_for(server)
        offer = speaker.capabilities()
        server.faults = [500, 502]
        assert tone_hz(finished(speaker.submit(request("x", 2.0), offer)).clip) == 221
    with InfinifiServer() as server:
        speaker = speaker_for(server)
        offer = speaker.capabilities()
        server.faults = [500] * 3
        with pytest.raises(RemoteError, match=r"HTTP 500 .“out of memory”"):
            finished(speaker.submit(request("x", 2.0), offer))
        assert not server.faults


def test_a_key_is_sent_as_it_wants_it() -> None:
    with InfinifiServer(key="milo") as server:
        made(speaker_for(server, "milo"), request("x", 2.0))
        assert {one.key for one in server.asked} == {"key milo"}
        with pytest.raises(RemoteTokenWrong):
            speaker_for(server, "meow").capabilities()
        with pytest.raises(RemoteTokenMissing):
            speaker_for(server).capabilities()


def test_spoilt_and_lost_clips_are_left_out() -> None:
    with InfinifiServer() as server:
        server.spoilt, server.lost = {0, 1}, {3}
        speaker = speaker_for(server)
        assert tone_hz(made(speaker, request("x", 2.0))[1].clip) == 441
        assert tone_hz(made(speaker, request("x", 2.0))[1].clip) == 661
        assert server.paths.count("/generate") == 1
    with InfinifiServer() as server:
        server.spoilt = set(range(5))
        with pytest.raises(RemoteError, match="cannot be read"):
            made(speaker_for(server), request("x", 2.0))


def test_it_offers_no_more_than_there_is() -> None:
    with InfinifiServer() as server:
        offer = speaker_for(server).capabilities()
        # Nothing of a request reaches that server: all else is refused at the gate, by name.
        assert offer.capabilities.takes == Takes(n_clips=5)
        assert (offer.generator, offer.capabilities.max_duration_s) == ("infinifi", 60.0)
        assert server.paths == ["/clips/0"]


def test_another_server_or_none_is_told() -> None:
    with InfinifiServer() as server:
        server.is_page = True
        with pytest.raises(RemoteNotOurs, match="a web page"):
            speaker_for(server).capabilities()
    with JerryServer() as other:
        speaker = InfinifiSpeaker(at(other.url))
        with pytest.raises(RemoteNotOurs, match="HTTP 400 to /generate"):
            made(speaker, request("x", 2.0))
    with pytest.raises(RemoteError, match="infinifi’s server running"):
        InfinifiSpeaker(at(free_address())).capabilities()
    with deaf() as url, pytest.MonkeyPatch.context() as patch:
        patch.setattr(infinifi, "ASKED_S", 0.2)
        with pytest.raises(RemoteError, match="did not answer"):
            InfinifiSpeaker(at(url)).capabilities()


def test_a_cancel_while_it_waits_leaves_no_connection() -> None:
    with InfinifiServer(n_not_yet=10**6) as server:
        speaker = speaker_for(server)
        speaker.first_rest_s = 0.3
        generation = speaker.submit(request("x", 2.0), speaker.capabilities())
        while "/clips/0" not in server.paths[2:]:
            next(generation)
        generation.close()
    with InfinifiServer() as server:
        speaker = speaker_for(server)
        offer = speaker.capabilities()
        server.slow_s = 30.0
        generation = speaker.submit(request("x", 2.0), offer)
        for _ in range(3):
            next(generation)
        generation.close()
        assert server.hung_up.wait(10.0)
