# SPDX-License-Identifier: GPL-3.0-or-later
"""JACK's metadata store is set aside whole, and only where no JACK server may be using it."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from engine.playback.device.jack import set_store_aside


@pytest.fixture
def store(tmp_path: Path) -> Path:
    folder = tmp_path / f"jack_db-{os.getuid()}"
    folder.mkdir()
    (folder / "__db.001").write_bytes(bytes(100))
    return folder


def test_who_has_it_open_keeps_it_and_nothing_is_left(store: Path, expected_logs: list[str]) -> None:
    expected_logs.append("set aside")
    with (store / "__db.001").open("rb") as opened:
        set_store_aside(store.parent)
        assert list(store.parent.iterdir()) == []
        assert opened.read() == bytes(100)
    # Nothing there, nothing to do.
    set_store_aside(store.parent)


def test_a_server_keeps_its_store(store: Path) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(store.parent / f"jack_default_{os.getuid()}_0"))
        set_store_aside(store.parent)
    assert (store / "__db.001").exists()


def test_the_store_of_others_is_theirs(store: Path) -> None:
    theirs = store.rename(store.with_name(f"jack_db-{os.getuid() + 1}"))
    set_store_aside(store.parent)
    assert (theirs / "__db.001").exists()
