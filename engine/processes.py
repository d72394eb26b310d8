# SPDX-License-Identifier: GPL-3.0-or-later
"""A child process that we own: a Python module at the other end of a channel, ended by its handle, never by a name.

The child's module calls ``child_connection`` and reads requests until ``EOFError``: when its parent goes, however it
goes, the channel closes and the child ends (one that hangs or was stopped: see ``engine.child``). Each child leads a
session of its own, so that whatever it starts can be ended with it. Children run our own code, and inherit our
environment.
"""

from __future__ import annotations

import array
import contextlib
import errno
import fcntl
import io
import logging
import os
import pickle
import queue
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import IO, Any

from engine.child import BOOTSTRAP, HEADER, Died
from engine.errors import WorkerDied, WorkerFailed
from engine.shared import SharedBlock, copied, mapped

_log = logging.getLogger(__name__)

EXIT_WAIT_S = 1.0
KILL_WAIT_S = 5.0
"""A killed child that does not go within this time waits for a device, and goes when that answers."""
LARGE_BYTES = 1 << 16
"""An array of so many bytes or more crosses as shared memory."""
MOST_ARRAYS = 64
"""That cross as shared memory in one message; the kernel passes at most 253 descriptors at once."""
MOST_BLOCKS = 128

_WAIT_STEP_S = 0.005
_FIRST_FREE_DESCRIPTOR = 3
_DESCRIPTORS_SPACE = socket.CMSG_SPACE((MOST_ARRAYS + MOST_BLOCKS) * array.array("i").itemsize)


class Parcel:
    """A message made ready to be sent: pickled, its large arrays copied into shared memory.

    Raises
    ------
    ValueError
        It holds more than ``MOST_BLOCKS`` shared blocks.
    """

    def __init__(self, message: object) -> None:
        self.arrays: list[int] = []
        """Descriptors, this parcel's own."""
        self.blocks: list[SharedBlock] = []
        file = io.BytesIO()
        _Pickler(file, self).dump(message)
        self.body = file.getbuffer()

    def leave_out(self, buffer: pickle.PickleBuffer) -> bool:
        """Take an array's content out of the pickle; True where it must stay there."""
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
        """By which the receiver finds a block that goes with the message."""
        if len(self.blocks) >= MOST_BLOCKS:
            raise ValueError(f"a message holds more than {MOST_BLOCKS} shared blocks")
        self.blocks.append(block)
        return len(self.blocks) - 1

    def __del__(self) -> None:
        for descriptor in self.arrays:
            os.close(descriptor)
        self.arrays = []


class _Pickler(pickle.Pickler):
    """Leaves large contiguous arrays (by pickle's out-of-band buffers, PEP 574) and shared blocks to a parcel."""

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


class Channel:
    """One end of a two-way connection between processes that carries pickled values, for one thread on either side.

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
        """The socket's descriptor, readable when a message waits; -1 once it is closed."""
        return self._socket.fileno()

    def poll(self, timeout_s: float | None = 0.0) -> bool:
        """Whether ``receive`` would begin (or raise) at once, waiting up to ``timeout_s`` for it; None is for ever.

        Raises OSError once it is closed.
        """
        if self.closed:
            raise OSError(errno.EBADF, "the channel is closed")
        waiting = select.poll()
        waiting.register(self._socket, select.POLLIN)
        return bool(waiting.poll(None if timeout_s is None else 1000.0 * timeout_s))

    def is_writable(self) -> bool:
        """Whether the other end has read enough for a short message to be taken without waiting."""
        waiting = select.poll()
        waiting.register(self._socket, select.POLLOUT)
        return any(events & select.POLLOUT for _, events in waiting.poll(0))

    def send(self, message: object | Parcel) -> None:
        """Hand ``message`` over, waiting while the other end does not read. Raises OSError when that is gone."""
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
        """The next message, waiting for it.

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

    def shutdown(self) -> None:
        """End the connection, even while another thread reads or writes here or another process holds it."""
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Let go of this end."""
        self._socket.close()

    def _read(self, n_bytes: int, descriptors: array.array[int]) -> bytearray:
        """Exactly ``n_bytes``, and into ``descriptors`` what came with them: theirs to close whatever happens."""
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


class ChildProcess:
    """``python -m module`` at the other end of a ``Channel``.

    Parameters
    ----------
    module
        Dotted name of the module to run; it must call ``child_connection()``.
    log
        Where the child's stdout and stderr go; None inherits this process's stderr.
    """

    def __init__(self, module: str, *, log: IO[str] | None = None) -> None:
        self.name = module
        ours, theirs = socket.socketpair()
        self._channel = Channel(ours)
        # A child that is starting, or writing a large result itself, does not read: whoever sends need not wait for it.
        self._outbox: queue.SimpleQueue[Parcel | None] = queue.SimpleQueue()
        self._writer = threading.Thread(target=self._write, name=f"{module} writer", daemon=True)
        self._reason = ""
        try:
            self._writer.start()
            self._process = self._start(theirs, log)
        except RuntimeError as error:
            # No thread can be started: the system's limits are reached.
            ours.close()
            raise OSError(errno.EAGAIN, str(error)) from error
        except BaseException:
            self._outbox.put(None)
            self._writer.join()
            ours.close()
            raise

    def _start(self, theirs: socket.socket, log: IO[str] | None) -> subprocess.Popen[bytes]:
        # Were stdin, stdout or stderr closed, its number would be one of theirs.
        with theirs:
            descriptor = fcntl.fcntl(theirs.fileno(), fcntl.F_DUPFD_CLOEXEC, _FIRST_FREE_DESCRIPTOR)
        # stdout belongs to what the program prints for its user: a child never writes there.
        sink = _file_or_null(sys.stderr if log is None else log)
        try:
            return subprocess.Popen(
                # -P: nothing is imported from the folder that the studio was started in, only from our own path.
                [sys.executable, "-P", "-c", BOOTSTRAP, str(os.getpid()), "-m", self.name, str(descriptor)],
                pass_fds=[descriptor],
                stdin=subprocess.DEVNULL,
                stdout=sink,
                stderr=sink,
                start_new_session=True,
                # One thread for matrix products: more spin as they wait for each other, and a loop search
                # of 0.9 s takes 3 s on two busy cores.
                env={
                    "OPENBLAS_NUM_THREADS": "1",
                    **os.environ,
                    "PYTHONPATH": os.pathsep.join(path or str(Path.cwd()) for path in sys.path),
                },
            )
        finally:
            os.close(descriptor)

    @property
    def pid(self) -> int:
        return self._process.pid

    def fileno(self) -> int:
        """The channel's descriptor, for a select or a socket notifier."""
        return self._channel.fileno()

    def is_alive(self) -> bool:
        return not self._has_ended()

    def send(self, message: object) -> None:
        """Hand ``message`` over, without waiting for the child to read it. Raises WorkerDied if the child is gone."""
        if self._channel.closed or self._has_ended() or not self._writer.is_alive():
            raise self._died()
        self._outbox.put(Parcel(message))

    def poll(self, timeout_s: float = 0.0) -> bool:
        """Whether ``receive`` would return (or raise) at once, waiting up to ``timeout_s`` for it."""
        try:
            return self._channel.poll(timeout_s)
        except OSError:
            return True

    def receive(self) -> Any:
        """The child's next message. Raises WorkerDied if the child is gone, WorkerFailed if it could say why."""
        try:
            message = self._channel.receive()
        except (EOFError, OSError) as error:
            raise self._died() from error
        except Exception as error:
            # It died within a message, or writes what is none.
            _log.exception("the %s process wrote what is no message", self.name)
            raise self._died() from error
        if type(message) is Died:
            self._reason = message.reason
            raise self._died()
        return message

    def close(self, timeout_s: float = EXIT_WAIT_S) -> None:
        """Close the channel, which asks the child to end; after ``timeout_s`` kill it and what it started."""
        if self._channel.closed:
            return
        deadline_s = time.monotonic() + timeout_s
        self._outbox.put(None)
        self._writer.join(timeout_s)
        # Reaches the child even when a reader or writer of ours holds the descriptor.
        self._channel.shutdown()
        self._wait_ended(deadline_s - time.monotonic())
        # The child leads its own session, so this reaches its children too; as long as it has not been waited for, its
        # number is not another's, so it reaches nobody else's.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        try:
            self._process.wait(KILL_WAIT_S)
        except subprocess.TimeoutExpired:
            _log.error("the %s process (%d) does not end", self.name, self.pid)
        self._writer.join()
        self._channel.close()
        # What was never sent holds descriptors.
        self._outbox = queue.SimpleQueue()

    def kill(self) -> None:
        """End the child and what it started, at once."""
        self.close(timeout_s=0.0)

    def _write(self) -> None:
        # An error means that the child is gone, which receive() tells.
        with contextlib.suppress(OSError):
            while (parcel := self._outbox.get()) is not None:
                self._channel.send(parcel)
                # Not kept until the next one comes: it may be a long clip.
                del parcel

    def _has_ended(self) -> bool:
        if self._process.returncode is not None:
            return True
        # WNOWAIT: it is not reaped before close().
        return os.waitid(os.P_PID, self._process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None

    def _wait_ended(self, timeout_s: float) -> bool:
        deadline_s = time.monotonic() + timeout_s
        while not self._has_ended():
            if time.monotonic() >= deadline_s:
                return False
            time.sleep(_WAIT_STEP_S)
        return True

    def _died(self) -> WorkerDied:
        worker, exit_code = self.name.rpartition(".")[2], self._exit_code()
        if self._reason:
            return WorkerFailed(worker=worker, exit_code=exit_code, detail=self._reason)
        return WorkerDied(worker=worker, exit_code=exit_code)

    def _exit_code(self) -> int | None:
        """As ``Popen.returncode``; None while the child still runs without its channel."""
        if self._process.returncode is None and self._wait_ended(EXIT_WAIT_S):
            end = os.waitid(os.P_PID, self._process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            if end is not None:
                return end.si_status if end.si_code == os.CLD_EXITED else -end.si_status
        return self._process.returncode


def child_connection() -> Channel:
    """In the child: its end of the channel (the descriptor is the last argument)."""
    return Channel(socket.socket(fileno=int(sys.argv[-1])))


def _file_or_null(stream: IO[str]) -> int:
    try:
        return stream.fileno()
    except (OSError, ValueError, AttributeError):
        return subprocess.DEVNULL
