# SPDX-License-Identifier: GPL-3.0-or-later
"""A command of this programme's makes a file in a process beside the music, one at a time.

The command makes the file whole or not at all, and ends when it is asked to.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, Signal, Slot

END_WAIT_MS = 2_000
"""Milliseconds that the command has to tidy up when the window closes."""
_NICE = 10


class CommandBeside(QObject):
    """A command beside the music.

    Signals
    -------
    began(target), ended(target, words)
        The command began; it made the file (no words), or says why it did not.
    progressed(fraction), told(line)
        So much is done, or another line, of a command that prints this.
    """

    began = Signal(str)
    ended = Signal(str, str)
    progressed = Signal(float)
    told = Signal(str)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._process: QProcess | None = None
        self._target = ""
        self._is_cancelled = False

    @property
    def is_busy(self) -> bool:
        """Return whether a file is being made."""
        return self._process is not None

    def run(self, words: list[str], target: str, *, tells: bool = False) -> None:
        """Have ``infiniloop`` with these words make ``target``; not while it makes another.

        With ``tells`` it prints which fraction is done, or what it made, a line each.
        """
        if self.is_busy:
            return
        process = self._process = QProcess(self)
        self._target, self._is_cancelled = target, False
        environment = QProcessEnvironment.systemEnvironment()
        environment.insert("PYTHONPATH", os.pathsep.join(path or str(Path.cwd()) for path in sys.path))
        process.setProcessEnvironment(environment)
        if tells:
            process.readyReadStandardOutput.connect(self._on_told)
        else:
            process.setStandardOutputFile(QProcess.nullDevice())
        process.setStandardInputFile(QProcess.nullDevice())
        process.finished.connect(self._on_finished)
        process.errorOccurred.connect(self._on_error)
        words = [sys.executable, "-P", "-m", "app.main", *words]
        nice = shutil.which("nice")
        program, *arguments = words if nice is None else [nice, "-n", str(_NICE), *words]
        process.start(program, arguments)
        self.began.emit(target)

    @Slot()
    def cancel(self) -> None:
        """Make the file no further: ``ended`` with neither a target nor words."""
        if self._process is not None:
            self._is_cancelled = True
            self._process.terminate()

    @Slot()
    def close(self) -> None:
        """Cancel, and wait until nothing of the command is left."""
        self.cancel()
        process = self._process
        if process is not None and not process.waitForFinished(END_WAIT_MS):
            process.kill()
            process.waitForFinished(END_WAIT_MS)

    @Slot()
    def _on_told(self) -> None:
        if self._process is None:
            return
        while self._process.canReadLine():
            line = bytes(self._process.readLine().data()).decode("utf-8", "replace").strip()
            if line.replace(".", "", 1).isdecimal():
                self.progressed.emit(float(line))
            elif line:
                self.told.emit(line)

    @Slot()
    def _on_finished(self) -> None:
        # Its last line may not have been read yet.
        self._on_told()
        process, self._process = self._process, None
        if process is None:
            return
        told = bytes(process.readAllStandardError().data()).decode("utf-8", "replace").strip().splitlines()
        is_made = process.exitStatus() is QProcess.ExitStatus.NormalExit and process.exitCode() == 0
        silent = self.tr("“{path}” was not made: what made it was ended.").format(path=self._target)
        words = "" if is_made or self._is_cancelled else (told[-1] if told else silent)
        process.deleteLater()
        self.ended.emit("" if self._is_cancelled else self._target, words.removeprefix("infiniloop: "))

    @Slot(object)
    def _on_error(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart and self._process is not None:
            words, process, self._process = self._process.errorString(), self._process, None
            process.deleteLater()
            self.ended.emit(self._target, words)
