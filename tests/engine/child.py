# SPDX-License-Identifier: GPL-3.0-or-later
"""A child for the tests of ``ChildProcess``: does what it is told, a word and a value at a time."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from engine.pipe import child_connection


def main() -> None:
    connection = child_connection()
    while True:
        try:
            word, value = connection.receive()
        except EOFError:
            return
        answer: Any = None
        if word == "echo":
            answer = value
        elif word == "flood":  # answers before it reads on, as a worker does
            connection.send(value)
            answer = "flooded"
        elif word == "exit":
            os._exit(value)
        elif word == "kill":
            os.kill(os.getpid(), value)
        elif word == "close":
            connection.close()
            time.sleep(600)
        elif word == "sleep":
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            connection.send("asleep")
            time.sleep(600)
        elif word == "raise":
            raise value
        elif word == "rubbish":
            os.write(int(sys.argv[-1]), value)
            continue
        elif word == "write":
            sys.stdout.write(value)
            sys.stdout.flush()
            sys.stderr.write(value)
            sys.stderr.flush()
            continue
        elif word == "grandchild":
            code = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"
            answer = subprocess.Popen([sys.executable, "-c", code]).pid
        elif word == "facts":
            answer = {"cwd_first": "" in sys.path or str(Path.cwd()) == sys.path[0], "sid": os.getsid(0)}
        connection.send(answer)


if __name__ == "__main__":
    main()
