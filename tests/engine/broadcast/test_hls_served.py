# SPDX-License-Identifier: GPL-3.0-or-later
"""HLS by servers: the radio's own, and nginx over the same folder, with a player that follows it live."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import av
import httpx
import numpy as np
import pytest

from engine.broadcast.hls_pages import hls_file
from engine.broadcast.playlist import PLAYLIST, Playlist
from engine.values.radio import RadioPlan
from tests.engine.broadcast.airing import Airing
from tests.engine.broadcast.playing_hls import listed, listed_in
from tests.engine.broadcast.streams import level_of
from tests.engine.broadcast.webservers import WebServer, nginx


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("served") / "hls"


@pytest.fixture(scope="module")
def radio(folder: Path) -> Iterator[Airing]:
    with Airing(RadioPlan(port=0, hls_folder=str(folder))) as airing:
        airing.soon(lambda: (folder / PLAYLIST).exists() and len(listed(folder)) > 1, 20.0)
        yield airing


@pytest.fixture(scope="module")
def web(radio: Airing, folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebServer]:
    with nginx(tmp_path_factory.mktemp("nginx"), folder.parent) as server:
        yield server


@pytest.mark.parametrize("by", ["radio", "nginx"])
def test_files_come_with_what_players_and_caches_have_to_know(radio: Airing, web: WebServer, by: str) -> None:
    base = f"{radio.url}/hls/" if by == "radio" else f"http://127.0.0.1:{web.port}/hls/"
    with httpx.Client(base_url=base, trust_env=False) as http:
        answer = http.get(PLAYLIST)
        found = listed_in(answer.text)
        files = [http.get(name) for name in (found[0].head, found[0].name, found[0].parts[0][0])]
        length = http.head(found[0].name).headers["content-length"]
    assert answer.headers["content-type"] == "application/vnd.apple.mpegurl"
    assert answer.headers["cache-control"] == "no-cache"
    assert length == str(len(files[1].content))
    for one in files:
        assert one.status_code == 200
        assert one.headers["content-type"] == "audio/mp4"
        assert one.headers.get_list("cache-control") == ["public, max-age=86400, immutable"]


def test_a_player_that_follows_live_hears_all_without_a_gap(web: WebServer) -> None:
    seconds = 10.0
    parts, times = [], []
    options = {"live_start_index": "-1"}
    with av.open(f"http://127.0.0.1:{web.port}/hls/{PLAYLIST}", options=options, timeout=20.0) as player:
        resampler = av.AudioResampler(format="fltp", layout="stereo")
        for frame in player.decode(audio=0):
            times.append((frame.time or 0.0, frame.samples / frame.sample_rate))
            parts += [one.to_ndarray() for one in resampler.resample(frame)]
            if sum(length for _at, length in times) > seconds:
                break
        rate = frame.sample_rate
    sound = np.concatenate(parts, axis=1)[0]
    assert all(abs(a + n - b) < 1e-3 for (a, n), (b, _n) in pairwise(times))
    assert level_of(sound[rate:], rate, 440.0) == pytest.approx(0.3, rel=0.05), "a gap would smear it"
    assert np.abs(np.diff(sound[rate:])).max() < 1.1 * 0.3 * 2 * np.pi * 440.0 / rate, "a gap would click"


@pytest.mark.parametrize(
    "path",
    [
        "/hls/", "/hls", "/hls/mine.txt", "/hls/secret", "/hls/../secret", "/hls/%2e%2e/secret", "/hls/..%2fsecret",
        "/hls/%2e%2e%2f%2e%2e%2fetc/passwd", "/hls//etc/passwd", "/hls/0123456789a.mp4", "/hls/stream.m3u8/..",
        "/hls/stream.m3u8%00", "/hls/.infiniloop-0123456789abcdef.part",
    ],
)  # fmt: skip
def test_nothing_else_of_the_disk_is_served(radio: Airing, folder: Path, path: str) -> None:
    (folder / "mine.txt").write_text("secret")
    (folder / ".infiniloop-0123456789abcdef.part").write_text("secret")
    (folder.parent / "secret").write_text("secret")
    if not (folder / "0123456789a.mp4").is_symlink():
        (folder / "0123456789a.mp4").symlink_to(folder.parent / "secret")
    with httpx.Client(trust_env=False) as http:
        answer = http.get(radio.url, extensions={"target": path.encode()})
    assert answer.status_code in (400, 404)
    assert "secret" not in answer.text


def test_it_is_told_where_it_is_and_how_it_stands(radio: Airing) -> None:
    with httpx.Client(base_url=radio.url, trust_env=False) as http:
        assert http.get("/current").json()["streams"]["hls"] == "/hls/stream.m3u8"
        assert http.get("/health").json()["hls"] == "written"
        assert "infiniloop_radio_hls_written 1.0" in http.get("/metrics").text


def test_who_has_no_token_is_not_let_in(tmp_path: Path) -> None:
    token = "open-sesame-open-sesame"
    with Airing(RadioPlan(port=0, token=token, hls_folder=str(tmp_path / "hls"))) as airing:
        airing.soon((tmp_path / "hls" / PLAYLIST).exists)
        with httpx.Client(base_url=airing.url, trust_env=False) as http:
            assert http.get("/hls/stream.m3u8").status_code == 401
            assert http.get("/hls/stream.m3u8", headers={"Authorization": f"Bearer {token}"}).status_code == 200
            http.get("/hls/stream.m3u8", params={"token": token})
            assert http.get("/hls/stream.m3u8").status_code == 200, "a player has a cookie then"
    with Airing(RadioPlan(port=0, token=token, is_public=True)) as airing, httpx.Client(trust_env=False) as http:
        assert http.get(f"{airing.url}/hls/stream.m3u8").status_code == 404, "without a folder there is none"


def test_a_playlist_that_is_replaced_while_it_is_sent_is_whole(tmp_path: Path) -> None:
    texts = [Playlist(number).text().encode() * 400 * (1 + number % 2) for number in range(2)]
    ended = threading.Event()

    def replace() -> None:
        while not ended.is_set():
            for text in texts:
                (tmp_path / "next").write_bytes(text)
                (tmp_path / "next").replace(tmp_path / PLAYLIST)

    (tmp_path / PLAYLIST).write_bytes(texts[0])
    replacing = threading.Thread(target=replace)
    replacing.start()
    try:
        for _ in range(200):
            assert asyncio.run(hls_file(tmp_path, PLAYLIST)).body in texts
    finally:
        ended.set()
        replacing.join()
