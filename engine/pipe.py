# SPDX-License-Identifier: GPL-3.0-or-later
"""Pipes are two-way connections between processes that carry pickled values, large arrays as shared memory."""

from __future__ import annotations

import array
import contextlib
import errno
import io
import os
import pickle
import select
import socket
import struct
import sys
import time
from typing import IO, Any

from engine.child import HEADER
from engine.shared import SharedBlock, copied, mapped

LARGE_BYTES = 1 << 16
"""Number of bytes from which on an array crosses as shared memory."""
MOST_ARRAYS = 64
"""Number of arrays that cross as shared memory in one message; the kernel passes at most 253 descriptors at once."""
MOST_BLOCKS = 128

_PEEKED_BYTES = 4096
_WAIT_STEP_S = 0.005
_DESCRIPTORS_SPACE = socket.CMSG_SPACE((MOST_ARRAYS + MOST_BLOCKS) * array.array("i").itemsize)


class Parcel:
    """A parcel is a message ready to be sent: pickled, its large arrays copied into shared memory.

    Raises
    ------
    ValueError
        It holds more than ``MOST_BLOCKS`` shared blocks.
    """

    def __init__(self, message: object) -> None:
        self.arrays: list[int] = []
        """Descriptors of the arrays, this parcel's own."""
        self.blocks: list[SharedBlock] = []
        file = io.BytesIO()
        _Pickler(file, self).dump(message)
        self.body = file.getbuffer()

    def leave_out(self, buffer: pickle.PickleBuffer) -> bool:
        """Take an array's content out of the pickle, and return True where it must stay there."""
        content = buffer.raw()
        if len(content) < LARGE_BYTES or len(self.arrays) >= MOST_ARRAYS:
            return True
        try:
            self.arrays.append(copied(content))
        except OSError:
            # No memory of this kind or no descriptor is left: it crosses in the message.
            return True
        return False

    def number_of(self, block: SharedBlock) -> int:
        """Return the number by which the receiver finds a block that goes with the message."""
        if len(self.blocks) >= MOST_BLOCKS:
            raise ValueError(f"a message holds more than {MOST_BLOCKS} shared blocks")
        self.blocks.append(block)
        return len(self.blocks) - 1

    def __del__(self) -> None:
        for descriptor in self.arrays:
            os.close(descriptor)
        self.arrays = []


class _Pickler(pickle.Pickler):
    """This pickler leaves large contiguous arrays (by pickle's out-of-band buffers, PEP 574) and blocks to a parcel."""

    def __init__(self, file: IO[bytes], parcel: Parcel) -> None:
        super().__init__(file, protocol=5, buffer_callback=parcel.leave_out)
        self._parcel = parcel

    def persistent_id(self, value: object) -> int | None:
        return self._parcel.number_of(value) if type(value) is SharedBlock else None


class _Unpickler(pickle.Unpickler):
    def __init__(self, file: IO[bytes], arrays: list[Any], blocks: list[SharedBlock]) -> None:
        super().__init__(file, buffers=arrays)
        self._blocks = blocks

    def persistent_load(self, number: int) -> SharedBlock:
        return self._blocks[number]


class Pipe:
    """A pipe is one end of a two-way connection that carries pickled values, for one thread on either side.

    A large contiguous array crosses as anonymous shared memory, whose descriptor goes with the message: the sender
    copies it once, the receiver maps it and gets a read-only array; the memory is freed with the last array over it.
    A ``SharedBlock`` arrives as a block over the same memory.

    Parameters
    ----------
    end
        One end of a Unix stream's socket pair, taken over. What timeouts were set on its descriptor hold.
    """

    def __init__(self, end: socket.socket) -> None:
        self._socket = end

    @property
    def closed(self) -> bool:
        return self._socket.fileno() < 0

    def fileno(self) -> int:
        """Return the socket's descriptor, readable when a message waits; -1 once it is closed."""
        return self._socket.fileno()

    def poll(self, timeout_s: float | None = 0.0) -> bool:
        """Return whether ``receive`` would begin (or raise) at once, waiting up to ``timeout_s``; None is for ever.

        Raises OSError once it is closed.
        """
        if self.closed:
            raise OSError(errno.EBADF, "the pipe is closed")
        waiting = select.poll()
        waiting.register(self._socket, select.POLLIN)
        return bool(waiting.poll(None if timeout_s is None else 1000.0 * timeout_s))

    def is_writable(self) -> bool:
        """Return whether the other end has read enough for a short message to be taken without waiting."""
        waiting = select.poll()
        waiting.register(self._socket, select.POLLOUT)
        return any(events & select.POLLOUT for _, events in waiting.poll(0))

    def send(self, message: object | Parcel) -> None:
        """Send ``message``, waiting while the other end does not read. Raises OSError when that is gone."""
        parcel = message if isinstance(message, Parcel) else Parcel(message)
        descriptors = array.array("i", parcel.arrays + [block.descriptor for block in parcel.blocks])
        header = HEADER.pack(len(parcel.body), len(parcel.arrays), len(parcel.blocks))
        rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, descriptors)] if descriptors else []
        while True:
            try:
                n_sent = self._socket.sendmsg([header, parcel.body], rights)
                break
            except OSError as error:
                # The kernel bounds how many descriptors are on their way: more when the other end has read some.
                if error.errno != errno.ETOOMANYREFS:
                    raise
                time.sleep(_WAIT_STEP_S)
        # The descriptors went with the first byte.
        self._socket.sendall(parcel.body[n_sent - len(header) :])

    def receive(self) -> Any:
        """Return the next message, waiting for it.

        Raises
        ------
        EOFError
            The other end is gone.
        OSError
            It fell silent within a message for longer than the socket's timeout, or descriptors were lost.
        """
        descriptors = array.array("i")
        try:
            n_bytes, n_arrays, n_blocks = HEADER.unpack(self._read(HEADER.size, descriptors))
            body = self._read(n_bytes, descriptors)
            if len(descriptors) != n_arrays + n_blocks:
                raise OSError(errno.EMFILE, "a message came without all its descriptors")
            arrays = [mapped(one) for one in descriptors[:n_arrays]]
            blocks = [SharedBlock(os.fstat(one).st_size, descriptor=os.dup(one)) for one in descriptors[n_arrays:]]
        finally:
            for descriptor in descriptors:
                os.close(descriptor)
        return _Unpickler(io.BytesIO(body), arrays, blocks).load()

    def peek(self) -> Any:
        """Return the next message, left to be received, if it is short and here already; else None."""
        try:
            data = self._socket.recv(_PEEKED_BYTES, socket.MSG_PEEK | socket.MSG_DONTWAIT)
            n_bytes, n_arrays, n_blocks = HEADER.unpack_from(data)
        except (OSError, struct.error):
            return None
        if n_arrays or n_blocks or HEADER.size + n_bytes > len(data):
            return None
        return _Unpickler(io.BytesIO(data[HEADER.size :]), [], []).load()

    def shutdown(self) -> None:
        """End the connection, even while another thread reads or writes here or another process holds it."""
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Close this end of the connection."""
        self._socket.close()

    def _read(self, n_bytes: int, descriptors: array.array[int]) -> bytearray:
        """Read exactly ``n_bytes``, and into ``descriptors`` what came with them; the caller must close those."""
        memory = bytearray(n_bytes)
        rest = memoryview(memory)
        while rest:
            n_read, ancillary, _, _ = self._socket.recvmsg_into([rest], _DESCRIPTORS_SPACE, socket.MSG_CMSG_CLOEXEC)
            for level, kind, data in ancillary:
                if (level, kind) == (socket.SOL_SOCKET, socket.SCM_RIGHTS):
                    descriptors.frombytes(data[: len(data) - len(data) % descriptors.itemsize])
            if not n_read:
                raise EOFError
            rest = rest[n_read:]
        return memory


def child_connection() -> Pipe:
    """Return the child's end of its pipe, whose descriptor is the last command-line argument."""
    return Pipe(socket.socket(fileno=int(sys.argv[-1])))
