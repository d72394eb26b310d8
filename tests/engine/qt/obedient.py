# SPDX-License-Identifier: GPL-3.0-or-later
"""This child process for tests of links answers each ``Order`` as told, and can misbehave."""

from __future__ import annotations

import os
import signal

from engine.pipe import child_connection
from tests.engine.qt.orders import BIG_BYTES, Done


def main() -> None:
    connection = child_connection()
    while True:
        try:
            order = connection.receive()
        except (EOFError, OSError):
            return
        if order.deed == "die":
            os.kill(os.getpid(), signal.SIGKILL)
        if order.deed == "hang":
            os.kill(os.getpid(), signal.SIGSTOP)
        if order.deed == "begin an answer and hang":
            os.write(connection.fileno(), b"\x00\x00\x10\x00half")
            os.kill(os.getpid(), signal.SIGSTOP)
        payload = bytes(BIG_BYTES) if order.deed == "answer big" else b""
        connection.send(Done(order.job_id, os.getpid(), payload))


if __name__ == "__main__":
    main()
