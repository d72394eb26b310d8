# SPDX-License-Identifier: GPL-3.0-or-later
"""A server is asked for what comes next as GigMate's own client asks, by our own client, and wrongly."""

from __future__ import annotations

import contextlib
import io
import shlex
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import psutil
import pytest
import soundfile

from engine.errors import GeneratorHung, RemoteError, RemoteTokenMissing
from engine.generators.base import finished
from engine.generators.service import make_clip
from engine.listening.listen import listen
from engine.serving.limits import ServingLimits
from engine.values import Clip
from tests.app.commands.running import ROOT
from tests.engine.companion.pieces import BPM, RELATIVES, excerpt, off_the_beat_s, piece
from tests.engine.generators.remote.asked import request
from tests.engine.serving.asking import HEADERS, error_of
from tests.engine.serving.companions import told_server
from tests.engine.serving.running import TOKEN, Server, serving, settings_of, until

RECORDED_S = 11.3


def wav(clip: Clip) -> bytes:
    out = io.BytesIO()
    soundfile.write(out, clip.samples, clip.sample_rate, format="WAV", subtype="PCM_16")
    return out.getvalue()


def heard(answer: httpx.Response) -> Clip:
    assert answer.status_code == 200, answer.text
    samples, rate = soundfile.read(io.BytesIO(answer.content), dtype="float32", always_2d=True)
    return Clip(samples, rate)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, home: Any) -> Iterator[Server]:
    limits = ("--most-megabytes", "4", "--per-minute", "1000")
    with serving(tmp_path_factory.mktemp("server"), *limits, token=TOKEN) as one:
        yield one


def ask(http: httpx.Client, recording: bytes | None = None, /, **fields: str) -> httpx.Response:
    content = wav(excerpt(0.0, RECORDED_S)) if recording is None else recording
    return http.post("/predict", files={"request": ("take.wav", content, "audio/wav")}, data=fields, timeout=60.0)


def test_gigmates_client_is_given_what_it_expects(http: httpx.Client) -> None:
    answer = ask(http)
    assert answer.headers["content-type"] == "audio/wav"
    assert 'filename="prediction.wav"' in answer.headers["content-disposition"]
    played = heard(answer)
    assert (played.sample_rate, played.n_channels, played.duration_s) == (32_000, 1, 10.0)
    music = listen(played)
    assert music.beats is not None
    assert music.beats.tempo_bpm == pytest.approx(BPM, rel=0.01)
    assert music.key in RELATIVES
    assert off_the_beat_s(played, RECORDED_S) < 0.03
    assert heard(ask(http, output_length_in_seconds="3.5")).duration_s == 3.5


def test_its_own_fields_say_more(http: httpx.Client) -> None:
    own = {"mode": "accompany", "sample_rate": "44100", "channels": "2", "parts": "drums", "seed": "3"}
    first, second = (heard(ask(http, style="dusty lofi", **own)) for _ in range(2))
    assert (first.sample_rate, first.n_channels) == (44_100, 2)
    assert first.duration_s == pytest.approx(RECORDED_S, abs=1e-4)
    np.testing.assert_array_equal(first.samples, second.samples)
    assert off_the_beat_s(first, 0.0) < 0.03
    # What goes with a recording cannot be longer than that.
    assert heard(ask(http, **own, output_length_in_seconds="60")).duration_s == pytest.approx(RECORDED_S, abs=1e-4)
    assert heard(ask(http, **own, output_length_in_seconds="4")).duration_s == 4.0


def test_the_forms_that_readme_shows_are_answered(http: httpx.Client) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    commands = [shlex.split(line) for line in readme.splitlines() if line.startswith("curl -F request=")]
    assert len(commands) == 2
    for words in commands:
        assert words[-3].endswith("/predict")
        given = dict(words[at + 1].split("=", 1) for at, word in enumerate(words) if word == "-F")
        assert given.pop("request") == "@take.wav"
        played = heard(ask(http, **given))
        assert played.duration_s == pytest.approx(float(given.get("output_length_in_seconds", RECORDED_S)), abs=1e-3)
        assert played.n_channels == int(given.get("channels", "1"))


def test_our_own_client_asks_our_own_server(server: Server, tmp_path: Path) -> None:
    (tmp_path / "token").write_text(TOKEN, "ascii")
    asked = request("x", 8.0, continue_from=excerpt(0.0, RECORDED_S))
    result = finished(make_clip(asked, settings_of(server, token_file=str(tmp_path / "token"), protocol="gigmate")))
    assert (result.clip.duration_s, result.clip.sample_rate) == (8.0, 44_100)
    assert off_the_beat_s(result.clip, RECORDED_S) < 0.03
    with pytest.raises(RemoteTokenMissing):
        finished(make_clip(asked, settings_of(server, protocol="gigmate")))
    silent = request("x", 8.0, continue_from=Clip(np.full((44_100, 2), 0.1, np.float32), 44_100))
    with pytest.raises(RemoteError, match="stand still"):
        finished(make_clip(silent, settings_of(server, token_file=str(tmp_path / "token"), protocol="gigmate")))


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"output_length_in_seconds": "-3"}, "OutOfRange"),
        ({"output_length_in_seconds": "0"}, "OutOfRange"),
        ({"output_length_in_seconds": "nan"}, "OutOfRange"),
        ({"output_length_in_seconds": "1e9"}, "OutOfRange"),
        ({"output_length_in_seconds": "ten"}, "WrongKind"),
        ({"mode": "backwards"}, "UnknownChoice"),
        ({"parts": "theremin"}, "UnknownChoice"),
        ({"channels": "3"}, "OutOfRange"),
        ({"channels": "-1"}, "WrongKind"),
        ({"sample_rate": "100"}, "OutOfRange"),
        ({"sample_rate": "44.1"}, "WrongKind"),
        ({"seed": "9" * 400}, "WrongKind"),
        ({"style": "x" * 100_000}, "PromptTooLong"),
        ({"lenght": "3"}, "UnknownChoice"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_a_sentence(http: httpx.Client, fields: dict[str, str], kind: str) -> None:
    assert error_of(ask(http, **fields)) == (422, kind)


def nan_file() -> bytes:
    out = io.BytesIO()
    samples = piece().samples[:100_000].copy()
    samples[50_000] = np.nan
    soundfile.write(out, samples, 44_100, format="WAV", subtype="FLOAT")
    return out.getvalue()


def empty_file() -> bytes:
    out = io.BytesIO()
    soundfile.write(out, np.zeros((0, 1)), 44_100, format="WAV")
    return out.getvalue()


def test_what_cannot_be_heard_is_refused_in_a_sentence(http: httpx.Client, server: Server) -> None:
    for content, kind in (
        (b"", (400, "malformed")),
        (b"no music at all", (400, "malformed")),
        (empty_file(), (422, "EmptyClip")),
        (nan_file(), (422, "NonFiniteClip")),
        (wav(Clip(np.zeros((44_100, 1), np.float32), 44_100)), (422, "SilentClip")),
        (wav(Clip(np.zeros((1, 1), np.float32), 44_100)), (422, "SilentClip")),
        (b"\0" * (5 * 2**20), (413, "too_large")),
    ):
        assert error_of(ask(http, content)) == kind
    assert "Traceback" not in server.said


def test_what_is_no_form_is_refused_in_a_sentence(http: httpx.Client) -> None:
    form = {"Content-Type": "multipart/form-data; boundary=x"}
    for answer in (
        http.post("/predict"),
        http.post("/predict", json={"request": "x"}),
        http.post("/predict", data={"request": "x"}),
        http.post("/predict", files={"recording": b"x"}),
        http.post("/predict", files={"request": (None, b"x")}),
        http.post("/predict", files={"request": b"x", "mode": b"y"}),
        http.post("/predict", content=b"--x\r\n\r\n", headers=form),
        http.post("/predict", content=b"\r\n--x" * 10_000, headers=form),
        http.post("/predict", content=b"x", headers={"Content-Type": "multipart/form-data"}),
    ):
        assert error_of(answer) == (400, "malformed")
    assert http.get("/predict").status_code == 405


def test_ten_minutes_are_listened_to_from_their_end(http: httpx.Client) -> None:
    out = io.BytesIO()
    samples = np.zeros(600 * 22_050, np.float32)
    music = excerpt(0.0, 60.0)
    samples[-60 * 22_050 :] = music.samples[::2, 0][: 60 * 22_050]
    mp3 = {"format": "MP3", "subtype": "MPEG_LAYER_III", "bitrate_mode": "CONSTANT", "compression_level": 0.9}
    soundfile.write(out, samples, 22_050, **mp3)
    played = heard(ask(http, out.getvalue(), seed="1"))
    beats = listen(played).beats
    assert beats is not None
    assert beats.tempo_bpm == pytest.approx(BPM, rel=0.01)


def test_the_music_is_made_in_a_process_of_its_own(http: httpx.Client, server: Server) -> None:
    heard(ask(http))
    (child,) = [one for one in server.children() if "engine.companion.host" in one.cmdline()]
    child.kill()
    until(lambda: not child.is_running() or child.status() == psutil.STATUS_ZOMBIE)
    assert heard(ask(http)).duration_s == 10.0


def test_a_server_that_is_ended_while_it_plays_leaves_nothing_behind(tmp_path: Path) -> None:
    with (
        serving(tmp_path) as server,
        httpx.Client(base_url=server.url, trust_env=False) as http,
        ThreadPoolExecutor(1) as threads,
    ):
        playing = threads.submit(ask, http, mode="accompany", output_length_in_seconds="240")
        until(lambda: any("engine.companion.host" in one.cmdline() for one in server.children()))
        children = server.children()
        server.end()
        assert psutil.wait_procs(children, timeout=5.0)[1] == []
        with contextlib.suppress(httpx.HTTPError):
            assert playing.result().status_code in (200, 503)
        assert "Traceback" not in server.said


def test_a_page_of_another_site_is_not_served() -> None:
    with told_server() as (url, companion):
        answer = httpx.post(f"{url}/predict", files={"request": b"x"}, headers={"Origin": "https://example.com"})
        assert error_of(answer) == (403, "token")
        assert companion.heard == []


def test_they_are_played_one_at_a_time_and_no_more_wait_than_may() -> None:
    content = wav(excerpt(0.0, 3.0))
    with (
        told_server(ServingLimits(most_waiting=2, per_minute=1000)) as (url, companion),
        httpx.Client(base_url=url, trust_env=False) as http,
        ThreadPoolExecutor(3) as threads,
    ):
        asked = [threads.submit(ask, http, content)]
        until(lambda: companion.heard == [3.0])
        asked += [threads.submit(ask, http, content) for _ in range(2)]
        until(lambda: http.post("/predict").status_code == 503)
        assert error_of(ask(http, content)) == (503, "busy")
        assert companion.heard == [3.0]
        companion.play(3)
        assert [one.result().status_code for one in asked] == [200, 200, 200]
        assert companion.heard == [3.0, 3.0, 3.0]


def test_nothing_is_played_for_a_client_that_has_gone() -> None:
    content = wav(excerpt(0.0, 3.0))
    with (
        told_server(ServingLimits(most_waiting=1, per_minute=1000)) as (url, companion),
        httpx.Client(base_url=url, trust_env=False) as http,
        ThreadPoolExecutor(1) as threads,
    ):

        def is_full() -> bool:
            return http.post("/predict").status_code == 503

        first = threads.submit(ask, http, content)
        until(lambda: companion.heard == [3.0])
        body = httpx.Request("POST", f"{url}/predict", files={"request": ("a.wav", wav(excerpt(0.0, 2.0)))})
        with socket.create_connection(("127.0.0.1", int(url.rpartition(":")[2]))) as gone:
            head = "".join(f"{name}: {value}\r\n" for name, value in body.headers.items())
            gone.sendall(f"POST /predict HTTP/1.1\r\n{head}\r\n".encode() + body.read())
            until(is_full)
        until(lambda: not is_full())
        companion.play(1)
        assert first.result().status_code == 200
        companion.play(1)
        assert ask(http, content).status_code == 200
    assert companion.heard == [3.0, 3.0]


def test_too_many_a_minute_are_refused() -> None:
    with told_server(ServingLimits(per_minute=2)) as (url, _), httpx.Client(base_url=url, trust_env=False) as http:
        answers = [http.post("/predict", content=b"") for _ in range(3)]
        assert [one.status_code for one in answers] == [400, 400, 429]


def test_what_goes_wrong_there_is_told_in_a_sentence() -> None:
    with told_server() as (url, companion), httpx.Client(base_url=url, trust_env=False) as http:
        companion.error = GeneratorHung(generator="The companion", limit_s=180.0)
        companion.play(1)
        assert error_of(ask(http, wav(excerpt(0.0, 3.0)))) == (500, "GeneratorHung")


def test_the_token_is_asked_for(server: Server) -> None:
    with httpx.Client(base_url=server.url, trust_env=False) as stranger:
        assert error_of(ask(stranger, b"x")) == (401, "token")
    assert HEADERS["Authorization"].endswith(TOKEN)
