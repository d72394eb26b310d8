# SPDX-License-Identifier: GPL-3.0-or-later
"""Titles stand where players look for them, and who does not read is dropped."""

from __future__ import annotations

import asyncio
import socket

from hypothesis import given
from hypothesis import strategies as st

from engine.broadcast.listener import MOST_BEHIND_BYTES, TITLE_EVERY_BYTES, Listener, title_block


class _Written:
    """A stand-in takes what a transport is given."""

    def __init__(self) -> None:
        self.content = b""

    def is_closing(self) -> bool:
        return False

    def get_write_buffer_size(self) -> int:
        return 0

    def write(self, content: bytes) -> None:
        self.content += content

    def abort(self) -> None:
        raise AssertionError("it reads all")

    close = abort


def _music_and_titles(content: bytes) -> tuple[bytes, list[str]]:
    """Return a stream's music and its titles, as a player reads them."""
    music, titles = b"", []
    while len(content) > TITLE_EVERY_BYTES:
        music += content[:TITLE_EVERY_BYTES]
        n_title = 16 * content[TITLE_EVERY_BYTES]
        if n_title:
            text = content[TITLE_EVERY_BYTES + 1 : TITLE_EVERY_BYTES + 1 + n_title].rstrip(b"\0").decode()
            assert text.startswith("StreamTitle='")
            assert text.endswith("';")
            titles.append(text[len("StreamTitle='") : -2])
        content = content[TITLE_EVERY_BYTES + 1 + n_title :]
    return music + content, titles


@given(st.lists(st.integers(1, 40_000), min_size=1, max_size=12))
def test_titles_stand_between_the_music_and_take_none_of_it_away(sizes: list[int]) -> None:
    written = _Written()
    listener = Listener(written, has_titles=True)
    music = b"".join(bytes([65 + number]) * size for number, size in enumerate(sizes))
    at = 0
    for number, size in enumerate(sizes):
        assert listener.give(music[at : at + size], title_block(f"piece {number // 4}"))
        at += size

    heard, titles = _music_and_titles(written.content)

    assert heard == music
    # Each once, in their order, none that did not last until its place.
    assert titles == sorted(set(titles))


def test_who_asked_for_no_titles_gets_none() -> None:
    written = _Written()

    Listener(written).give(b"x" * 40_000, title_block("none"))

    assert written.content == b"x" * 40_000


@given(st.text(max_size=3000))
def test_any_title_fits_and_ends_where_it_says(words: str) -> None:
    block = title_block(words.encode("utf-8", "replace").decode())

    assert len(block) == 1 + 16 * block[0]
    text = block[1:].rstrip(b"\0").decode("utf-8")
    assert text.startswith("StreamTitle='")
    assert text.endswith("';")
    assert "'" not in text[len("StreamTitle='") : -2]


def test_who_does_not_read_is_dropped_and_who_reads_stays() -> None:
    async def both() -> tuple[bool, bool, int]:
        loop = asyncio.get_running_loop()
        results = []
        for reads in (False, True):
            ours, theirs = socket.socketpair()
            theirs.setblocking(False)
            transport, _ = await loop.create_connection(asyncio.Protocol, sock=ours)
            listener = Listener(transport)
            stays = True
            for _ in range(200):
                stays = stays and listener.give(b"x" * 4096, b"\0")
                if reads:
                    while True:
                        try:
                            theirs.recv(1 << 16)
                        except BlockingIOError:
                            break
                await asyncio.sleep(0)
            results.append((stays, listener.was_dropped, transport.get_write_buffer_size()))
            transport.abort()
            theirs.close()
        (dropped, was_dropped, waiting), (stayed, was_wrong, _) = results
        assert not dropped
        assert was_dropped
        return stayed, was_wrong, waiting

    stayed, was_wrong, waiting = asyncio.run(both())

    assert stayed
    assert not was_wrong
    assert waiting <= MOST_BEHIND_BYTES + 4096
