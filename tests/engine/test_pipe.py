# SPDX-License-Identifier: GPL-3.0-or-later
"""The channel delivers every value as it was sent, large arrays as shared memory, and leaves nothing behind."""

from __future__ import annotations

import os
import resource
import socket
import struct
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.pipe import LARGE_BYTES, MOST_ARRAYS, MOST_BLOCKS, Parcel, Pipe
from engine.shared import SharedBlock
from engine.values import BakedLoop, FloatArray, LoopRegion
from tests.descriptors import open_descriptors

Pair = tuple[Pipe, Pipe]


@pytest.fixture
def pair() -> Iterator[Pair]:
    ours, theirs = (Pipe(end) for end in socket.socketpair())
    yield ours, theirs
    ours.close()
    theirs.close()


def shared_kib() -> int:
    """Return the shared memory that this process has mapped, KiB."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("RssShmem:"):
            return int(line.split()[1])
    raise OSError("this system does not tell a process' shared memory")


def array_of(n_bytes: int) -> FloatArray:
    return np.random.default_rng(n_bytes).random(n_bytes // 4, dtype=np.float32)


def test_a_large_array_arrives_read_only_in_shared_memory_and_goes_with_its_last_view(pair: Pair) -> None:
    ours, theirs = pair
    sent, before = array_of(8 << 20), shared_kib()
    ours.send({"large": sent})
    received = theirs.receive()["large"]
    np.testing.assert_array_equal(received, sent)
    assert not received.flags.writeable
    assert shared_kib() - before >= 8 << 10
    part = received[100:200]
    del received
    np.testing.assert_array_equal(part, sent[100:200])
    del part
    assert shared_kib() - before < 1 << 10


def test_what_is_sent_is_what_the_array_was_then(pair: Pair) -> None:
    ours, theirs = pair
    array = array_of(LARGE_BYTES)
    was = array.copy()
    ours.send(array)
    array.fill(0.0)
    np.testing.assert_array_equal(theirs.receive(), was)


@given(
    shape=st.lists(st.integers(0, 200), min_size=1, max_size=3),
    kind=st.sampled_from(["<f4", "<f8", "<i8", "|u1", "|b1"]),
    layout=st.sampled_from(["C", "F", "steps"]),
)
@settings(max_examples=60, deadline=None)
def test_arrays_of_every_size_type_and_layout_arrive(shape: list[int], kind: str, layout: str) -> None:
    array = np.random.default_rng(0).integers(0, 2, shape).astype(kind)
    sent = array[::2] if layout == "steps" else np.asarray(array, order="F" if layout == "F" else "C")
    ours, theirs = (Pipe(end) for end in socket.socketpair())
    # What does not fit into the socket's buffer waits for its reader.
    sender = threading.Thread(target=ours.send, args=(sent,))
    sender.start()
    received = theirs.receive()
    sender.join()
    np.testing.assert_array_equal(received, sent)
    assert received.dtype == sent.dtype
    ours.close()
    theirs.close()


def test_an_array_that_occurs_twice_crosses_once(pair: Pair) -> None:
    ours, theirs = pair
    array = array_of(LARGE_BYTES)
    assert len(Parcel([array, array]).arrays) == 1
    ours.send([array, array])
    first, second = theirs.receive()
    assert first is second


@pytest.mark.soak
def test_thousands_of_messages_leave_no_descriptor(pair: Pair) -> None:
    ours, theirs = pair
    loop = BakedLoop(array_of(4 * LARGE_BYTES).reshape(-1, 2), 44_100, LoopRegion(0, 1), 0, 0.0)
    held, before = open_descriptors(), shared_kib()
    for number in range(3000):
        ours.send((number, loop, loop.samples[::2].copy(), "words"))
        received = theirs.receive()
        assert received[0] == number
    np.testing.assert_array_equal(received[1].samples, loop.samples)
    del received
    assert open_descriptors() <= held
    assert shared_kib() - before < 1 << 10


@pytest.mark.soak
def test_arrays_that_are_kept_keep_no_descriptor(pair: Pair) -> None:
    ours, theirs = pair
    array, held, kept = array_of(LARGE_BYTES), open_descriptors(), []
    for _ in range(300):
        ours.send(array)
        kept.append(theirs.receive())
    assert open_descriptors() <= held
    assert all((one == array).all() for one in kept)


def test_more_arrays_than_may_go_along_all_arrive(pair: Pair) -> None:
    ours, theirs = pair
    arrays = [array_of(LARGE_BYTES) + number for number in range(MOST_ARRAYS + 5)]
    sender = threading.Thread(target=ours.send, args=(arrays,))
    sender.start()
    for received, sent in zip(theirs.receive(), arrays, strict=True):
        np.testing.assert_array_equal(received, sent)
    sender.join()


def test_arrays_arrive_when_no_descriptor_is_left(pair: Pair) -> None:
    ours, theirs = pair
    array, held = array_of(LARGE_BYTES), open_descriptors()
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    # A descriptor is the lowest free number: none below this limit is free.
    taken = os.dup(0)
    os.close(taken)
    resource.setrlimit(resource.RLIMIT_NOFILE, (taken, limits[1]))
    try:
        parcel = Parcel(array)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)
    assert not parcel.arrays
    ours.send(parcel)
    np.testing.assert_array_equal(theirs.receive(), array)
    assert open_descriptors() <= held


def test_a_receiver_without_descriptors_fails_and_leaks_none(pair: Pair) -> None:
    ours, theirs = pair
    ours.send([array_of(LARGE_BYTES), array_of(2 * LARGE_BYTES)])
    held, limits = open_descriptors(), resource.getrlimit(resource.RLIMIT_NOFILE)
    taken = os.dup(0)
    os.close(taken)
    resource.setrlimit(resource.RLIMIT_NOFILE, (taken + 1, limits[1]))
    try:
        with pytest.raises(OSError, match="descriptors"):
            theirs.receive()
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)
    assert open_descriptors() <= held


def test_more_descriptors_than_may_be_on_their_way_wait_for_the_reader(pair: Pair) -> None:
    ours, theirs = pair
    array, n_messages = array_of(LARGE_BYTES), 1200

    def send() -> None:
        for number in range(n_messages):
            ours.send((number, array))

    sender = threading.Thread(target=send)
    sender.start()
    assert [theirs.receive()[0] for _ in range(n_messages)] == list(range(n_messages))
    sender.join()


def test_a_block_is_the_same_memory_at_both_ends(pair: Pair) -> None:
    ours, theirs = pair
    held = open_descriptors()
    block = SharedBlock(4096)
    ours.send({"status": block, "more": array_of(LARGE_BYTES), "tape": SharedBlock(10)})
    received = theirs.receive()
    other = received["status"]
    assert (other.n_bytes, received["tape"].n_bytes) == (4096, 10)
    assert other.memory[:4] == b"\0\0\0\0"
    block.memory[:4] = b"here"
    other.memory[4:8] = b"back"
    assert block.memory[:8] == other.memory[:8] == b"hereback"
    del block, other, received
    assert open_descriptors() <= held


def test_too_many_blocks_are_refused_before_anything_is_sent(pair: Pair) -> None:
    ours, theirs = pair
    with pytest.raises(ValueError, match="shared blocks"):
        ours.send([SharedBlock(1) for _ in range(MOST_BLOCKS + 1)])
    assert not theirs.poll()


def test_the_other_end_going_is_the_end(pair: Pair) -> None:
    ours, theirs = pair
    ours.send("last")
    ours.close()
    assert theirs.poll()
    assert theirs.receive() == "last"
    assert theirs.poll()
    with pytest.raises(EOFError):
        theirs.receive()
    with pytest.raises(OSError, match=r"(?i)pipe|reset"):
        theirs.send("anybody?")


@pytest.mark.parametrize("n_bytes", [1, 11, 12, 13, 500])
def test_a_message_that_breaks_off_is_the_end(n_bytes: int) -> None:
    raw, end = socket.socketpair()
    whole = struct.pack("=QHH", 1000, 0, 0) + bytes(1000)
    theirs = Pipe(end)
    raw.sendall(whole[:n_bytes])
    raw.close()
    with pytest.raises(EOFError):
        theirs.receive()
    theirs.close()


def test_a_message_that_stands_still_is_given_up_after_the_sockets_timeout() -> None:
    raw, end = socket.socketpair()
    theirs = Pipe(end)
    with socket.socket(fileno=os.dup(theirs.fileno())) as same:
        same.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("ll", 0, 50_000))
    raw.sendall(struct.pack("=QHH", 1000, 0, 0) + b"half")
    with pytest.raises(BlockingIOError):
        theirs.receive()
    theirs.close()
    raw.close()


@pytest.mark.soak
def test_a_message_never_read_frees_its_memory() -> None:
    ours, theirs = (Pipe(end) for end in socket.socketpair())
    held = open_descriptors()
    ours.send(array_of(LARGE_BYTES))
    assert open_descriptors() <= held
    theirs.close()
    ours.close()


def test_is_writable_tells_whether_a_short_message_would_wait(pair: Pair) -> None:
    ours, theirs = pair
    n_sent = 0
    while ours.is_writable():
        ours.send(n_sent)
        n_sent += 1
    assert n_sent > 10
    assert [theirs.receive() for _ in range(n_sent)] == list(range(n_sent))
    assert ours.is_writable()
