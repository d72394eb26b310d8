# SPDX-License-Identifier: GPL-3.0-or-later
"""A GigMate server's stand-in is given a recording's end, and goes on from it."""

from __future__ import annotations

import io
from dataclasses import replace

import numpy as np
import pytest
import soundfile

from engine.errors import (
    GeneratorClipLength,
    GeneratorOutputBad,
    NothingToContinue,
    NotTaken,
    OutOfRange,
    RemoteBusy,
    RemoteError,
    RemoteNotOurs,
    RemoteTokenMissing,
    RemoteTokenWrong,
)
from engine.generators.base import GeneratorSettings, finished
from engine.generators.capabilities import Takes
from engine.generators.remote import gigmate
from engine.generators.remote.gigmate import GigMateSpeaker, heard_wav
from engine.generators.service import make_clip
from engine.values import Clip, ClipRequest, ClipResult, EndlessMusic, Layer
from tests.engine.generators.remote.asked import at, deaf, free_address, made, request
from tests.standins.gigmate import GigMateServer
from tests.standins.infinifi import InfinifiServer

RATE = 44_100


def tone(seconds: float, tone_hz: float = 440.0, *, peak: float = 0.5, wraps: bool = False) -> Clip:
    at_s = np.arange(round(seconds * RATE)) / RATE
    one = (peak * np.sin(2.0 * np.pi * tone_hz * at_s)).astype(np.float32)
    return Clip(np.stack([one, one], axis=1), RATE, wraps)


def asked(seconds: float = 4.0, clip: Clip | None = None) -> ClipRequest:
    return request("x", seconds, continue_from=clip or tone(8.0))


def pitch_hz(clip: Clip) -> float:
    second = clip.samples[: clip.sample_rate, 0]
    return float(np.abs(np.fft.rfft(second * np.hanning(len(second)))).argmax())


def through_the_gates(server: GigMateServer, wanted: ClipRequest) -> ClipResult:
    values = {"protocol": "gigmate", "addresses": server.url}
    return finished(make_clip(wanted, GeneratorSettings().with_values("remote", values)))


def test_it_goes_on_from_the_sound_for_as_long_as_asked() -> None:
    with GigMateServer() as server:
        told, result = made(GigMateSpeaker(at(server.url)), asked(4.0))
        assert [(one.duration_s, one.sample_rate, one.asked_s) for one in server.heard] == [(8.0, RATE, 4.0)]
        form = server.asked[-1]
        assert (form.method, form.path) == ("POST", "/predict")
        assert set(form.files) == {"request"}
        assert form.fields == {"output_length_in_seconds": "4"}
    assert (result.clip.duration_s, result.clip.sample_rate, result.clip.n_channels) == (4.0, 32_000, 1)
    assert pitch_hz(result.clip) == 440.0
    assert result.seed is result.facts.tempo_bpm is None
    assert {one.stage for one in told} == {"generating"}


def test_the_clip_comes_in_by_the_gate_as_every_other() -> None:
    with GigMateServer() as server:
        result = through_the_gates(server, asked(30.0))
        assert [one.asked_s for one in server.heard] == [30.0]
    assert (result.clip.duration_s, result.clip.sample_rate, result.clip.n_channels) == (30.0, RATE, 2)
    assert result.versions["made on another machine by"] == "GigMate"


def test_what_is_sent_is_the_end_of_the_sound_and_a_loop_goes_round() -> None:
    long = np.concatenate([tone(50.0, 220.0).samples, tone(40.0, 440.0).samples])
    samples, rate = soundfile.read(io.BytesIO(heard_wav(Clip(long, RATE))))
    assert (len(samples) / rate, rate) == (60.0, RATE)
    np.testing.assert_allclose(samples, long[-60 * RATE :], atol=2.0**-14)
    samples, rate = soundfile.read(io.BytesIO(heard_wav(tone(6.0, wraps=True))))
    assert len(samples) / rate == 24.0
    loud, rate = soundfile.read(io.BytesIO(heard_wav(tone(1.0, peak=4.0))))
    assert len(loud) == RATE
    assert 0.9 < np.abs(loud).max() <= 1.0
    # As a wave, not cut off at full scale.
    assert float(np.sqrt(np.mean(loud**2))) == pytest.approx(np.sqrt(0.5), abs=0.01)


def test_it_offers_to_go_on_and_nothing_else() -> None:
    with GigMateServer() as server:
        offer = GigMateSpeaker(at(server.url)).capabilities()
        assert offer.capabilities.takes == Takes(continue_from=True)
        assert (offer.capabilities.min_duration_s, offer.capabilities.max_duration_s) == (1.0, 30.0)
        # It is asked what it is without a clip being made.
        assert [(one.method, one.path) for one in server.asked] == [("GET", "/predict")]


def test_what_it_does_not_take_is_refused_before_anything_is_sent() -> None:
    with GigMateServer() as server:
        with pytest.raises(NothingToContinue, match=r"play along with a recording.*or set another protocol"):
            through_the_gates(server, request("x", 4.0))
        for fields in ({"seed": 1}, {"negative_prompt": "drums"}, {"layer": Layer.DRUMS}, {"bars": 4}):
            with pytest.raises(NotTaken, match="GigMate"):
                through_the_gates(server, replace(asked(), **fields))
        with pytest.raises(OutOfRange, match="31 s"):
            through_the_gates(server, asked(31.0))
        assert {one.method for one in server.asked} <= {"GET"}


def test_a_part_of_endless_music_in_a_jam_goes_on_from_the_one_before() -> None:
    with GigMateServer() as server:
        part = replace(
            asked(6.0), part_of=EndlessMusic("drums", 0), layer=Layer.DRUMS, seed=3, evolve=0.5, is_eased=True
        )
        assert through_the_gates(server, part).clip.duration_s == 6.0
        assert [one.duration_s for one in server.heard] == [8.0]


def test_a_key_is_sent_as_litserve_and_as_the_studio_want_it() -> None:
    with GigMateServer(key="milo-milo") as server:
        made(GigMateSpeaker(at(server.url, "milo-milo")), asked())
        assert server.asked[-1].key == "Bearer milo-milo"
        with pytest.raises(RemoteTokenWrong):
            made(GigMateSpeaker(at(server.url, "meow-meow")), asked())
        with pytest.raises(RemoteTokenMissing):
            made(GigMateSpeaker(at(server.url)), asked())


@pytest.mark.parametrize(
    ("misdeed", "words"),
    [
        ({"status": 500}, r"HTTP 500 .“CUDA out of memory”"),
        ({"body": b"no music"}, "cannot be read"),
        ({"body": b""}, "cannot be read"),
        ({"body": b'{"detail": "x"}'}, "cannot be read"),
        ({"broken_off": 1000}, "broke off"),
        ({"status": 422}, "HTTP 422"),
    ],
)
def test_wrong_answers_are_told_in_a_sentence(misdeed: dict[str, object], words: str) -> None:
    with GigMateServer() as server:
        for name, value in misdeed.items():
            setattr(server, name, value)
        with pytest.raises(RemoteError, match=words):
            made(GigMateSpeaker(at(server.url)), asked())


def test_a_busy_server_is_left_to_the_next() -> None:
    with GigMateServer() as server:
        server.status = 503
        with pytest.raises(RemoteBusy):
            made(GigMateSpeaker(at(server.url)), asked())


def test_answers_of_another_length() -> None:
    with GigMateServer() as server:
        server.length = 1.5
        assert made(GigMateSpeaker(at(server.url)), asked(10.0))[1].clip.duration_s == 10.0
        server.length = 7.0
        with pytest.raises(RemoteError, match="more than 60 s"):
            made(GigMateSpeaker(at(server.url)), asked(10.0))
        server.length = 0.3
        with pytest.raises(GeneratorClipLength, match=r"3\.0 s where 10 s"):
            through_the_gates(server, asked(10.0))


def test_huge_and_odd_answers_do_not_come_in(monkeypatch: pytest.MonkeyPatch) -> None:
    with GigMateServer() as server:
        speaker = GigMateSpeaker(at(server.url))
        monkeypatch.setattr(gigmate, "MOST_BYTES", 100_000)
        with pytest.raises(RemoteError, match="more than"):
            made(speaker, asked())
    with GigMateServer() as server:
        spoilt = io.BytesIO()
        soundfile.write(spoilt, np.full(32_000 * 4, np.nan, np.float32), 32_000, format="WAV", subtype="FLOAT")
        server.body = spoilt.getvalue()[:100_000]
        with pytest.raises(GeneratorOutputBad):
            through_the_gates(server, asked(4.0))


def test_another_server_or_none_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    with GigMateServer() as server:
        server.is_page = True
        with pytest.raises(RemoteNotOurs, match="HTTP 200 to /predict"):
            GigMateSpeaker(at(server.url)).capabilities()
    with InfinifiServer() as other, pytest.raises(RemoteNotOurs):
        # It answers every GET as this one answers its form's: only the form itself is not known to it.
        made(GigMateSpeaker(at(other.url)), asked())
    with pytest.raises(RemoteError, match="GigMate’s server running"):
        GigMateSpeaker(at(free_address())).capabilities()
    with deaf() as url:
        monkeypatch.setattr(gigmate, "ASKED_S", 0.2)
        with pytest.raises(RemoteError, match="did not answer"):
            GigMateSpeaker(at(url)).capabilities()


def test_a_slow_server_is_given_up_and_a_cancel_leaves_no_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    with GigMateServer() as server:
        speaker = GigMateSpeaker(at(server.url))
        offer = speaker.capabilities()
        server.slow_s = 30.0
        generation = speaker.submit(asked(), offer)
        while len(server.asked) < 2:
            next(generation)
        generation.close()
        assert server.hung_up.wait(10.0)
    with GigMateServer() as server:
        speaker = GigMateSpeaker(at(server.url))
        offer = speaker.capabilities()
        server.slow_s = 30.0
        monkeypatch.setattr(gigmate, "MAKING_S", 0.3)
        with pytest.raises(RemoteError, match="did not answer"):
            finished(speaker.submit(asked(), offer))
        assert server.hung_up.wait(10.0)
