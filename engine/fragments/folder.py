# SPDX-License-Identifier: GPL-3.0-or-later
"""The folder of slots: ``output01.wav`` and so on, each replaced by one rename, and the circle in which that is done.

All that is unfinished lies in a hidden folder within, so that what watches the slots sees nothing but that rename.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

import numpy as np

from engine.errors import (
    AllSlotsFrozen,
    AudioFileError,
    BadClip,
    CannotRead,
    CannotWrite,
    FragmentsBusy,
    OutOfRange,
    SlotFrozen,
    StudioError,
    cannot_write,
)
from engine.fragments.archive import Archive
from engine.fragments.circle import circle, is_folder, path_in, settled, status_of
from engine.fragments.kept import Kept, KeptSlot, read_kept
from engine.fragments.trimming import peaks_of
from engine.library.atomic import sync_folder
from engine.library.audiofile import read_clip, writing_audio
from engine.library.carried import Carried, Made, carried_by, said_of
from engine.loops.shaped import LoopShape
from engine.values import FloatArray, LoopRegion, Recipe
from engine.values.fragments import MOST_SLOTS, FragmentSlot

HIDDEN, ARCHIVE = ".fragments", "archive"
"""Names of the folders within."""
LOCK = "lock"
"""Name of the hidden file that a station holds."""


@dataclass(frozen=True, eq=False, slots=True)
class Fragment:
    """A fragment is what is to lie in a slot.

    Attributes
    ----------
    samples
        float32, shape ``(n_samples, 2)``, within full scale of 16 bits.
    shape
        Of a sound that repeats as a whole; None of another.
    """

    samples: FloatArray
    sample_rate: int
    recipe: Recipe
    made: Made
    shape: LoopShape | None = None


class SlotFolder:
    """A slot folder belongs to one process, which has it locked until ``close``; its methods to one thread at a time.

    Parameters
    ----------
    n_slots
        Number of slots, 1 to ``MOST_SLOTS``; files of more slots, from another time, are left alone.

    Raises
    ------
    OutOfRange
        That many slots there cannot be.
    FragmentsBusy
        Another station has the folder.
    CannotWrite
    """

    def __init__(self, folder: str | os.PathLike[str], n_slots: int) -> None:
        if not 1 <= n_slots <= MOST_SLOTS:
            raise OutOfRange(name="number of slots", value=n_slots, low=1, high=MOST_SLOTS)
        self.folder, self.n_slots = Path(os.path.realpath(folder)), n_slots
        self._hidden = self.folder / HIDDEN
        self._state = self._hidden / "state.json"
        self._taken: set[int] = set()
        try:
            self._hidden.mkdir(parents=True, exist_ok=True)
            self._lock: int | None = self._locked()
        except OSError as error:
            raise cannot_write(folder, error) from error
        try:
            self.archive = Archive(self.folder / ARCHIVE, self._hidden)
            self._kept = settled(read_kept(self._state), self.folder, n_slots)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Let another station have the folder."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def path_of(self, number: int) -> Path:
        """Return where a slot's file is, or will be."""
        return path_in(self.folder, number)

    @property
    def next_slot(self) -> int | None:
        """Return the slot that comes next in the circle; None where all are frozen, or taken by folders."""
        return next(circle(self._kept, self.folder, self.n_slots), None)

    def next_empty(self) -> int | None:
        """Return the next slot of the circle that is empty and not frozen, or None."""
        numbers = circle(self._kept, self.folder, self.n_slots)
        return next((one for one in numbers if status_of(self.path_of(one)) is None), None)

    def slots(self) -> tuple[FragmentSlot, ...]:
        """Return what lies in each slot."""
        return tuple(self.slot(number) for number in range(1, self.n_slots + 1))

    def slot(self, number: int) -> FragmentSlot:
        """Return what lies in a slot. Raises OutOfRange."""
        self.check(number)
        path, kept = self.path_of(number), self._kept.slot(number)
        status = status_of(path)
        if status is None:
            empty = FragmentSlot(number, str(path), own_prompt=kept.own_prompt, is_frozen=kept.is_frozen)
            return replace(empty, is_blocked=is_folder(path))
        if not kept.is_of(status):
            kept = self._known(number, kept, status)
        return FragmentSlot(
            number,
            str(path),
            is_filled=True,
            prompt=kept.prompt,
            own_prompt=kept.own_prompt,
            written_s=status.st_mtime_ns * 1e-9,
            duration_s=kept.duration_s,
            archived=kept.archived,
            is_frozen=kept.is_frozen,
            is_taken=number in self._taken,
            peaks=kept.peaks,
        )

    def put(self, fragment: Fragment, archived: str, number: int | None = None) -> FragmentSlot:
        """Have a fragment take the place of what lies in a slot, which is the next of the circle where none is named.

        Raises
        ------
        AllSlotsFrozen, SlotFrozen, OutOfRange
        CannotWrite
            The slot is as it was, and so is the circle.
        """
        following = self.next_slot
        target = self.place_for(number)
        unfinished, path = self._written(fragment), self.path_of(target)
        try:
            status = unfinished.stat()
            slot = replace(
                self._kept.slot(target),
                size=status.st_size,
                mtime_ns=status.st_mtime_ns,
                prompt=fragment.recipe.prompt,
                archived=archived,
                duration_s=len(fragment.samples) / fragment.sample_rate,
                peaks=peaks_of(fragment.samples),
            )
            before = self._kept.next_slot
            after = target % self.n_slots + 1 if target == following else before
            kept = replace(self._kept.with_slot(target, slot), next_slot=after, writing=target, before=before)
            kept.write(self._state)
            unfinished.replace(path)
            self._kept = replace(kept, writing=None, before=None)
            self._taken.discard(target)
            sync_folder(self.folder)
        except OSError as error:
            raise cannot_write(path, error) from error
        return self.slot(target)

    def freeze(self, number: int, *, is_frozen: bool = True) -> None:
        """Leave a slot out of the circle, or no longer. Raises OutOfRange, CannotWrite."""
        self.check(number)
        self._keep(self._kept.with_slot(number, replace(self._kept.slot(number), is_frozen=is_frozen)))

    def set_prompt(self, number: int, prompt: str) -> None:
        """Keep a prompt for a slot; "" keeps none. Raises OutOfRange, CannotWrite."""
        self.check(number)
        self._keep(self._kept.with_slot(number, replace(self._kept.slot(number), own_prompt=prompt)))

    def clear(self, number: int) -> None:
        """Remove a slot's file; what is in the archive stays. Raises OutOfRange, SlotFrozen, CannotWrite."""
        if self.slot(number).is_frozen:
            raise SlotFrozen(number=number)
        path = self.path_of(number)
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise cannot_write(path, error) from error
        self._taken.discard(number)
        self._keep(self._kept.with_slot(number, self._kept.slot(number).without_sound()))

    def take(self, number: int) -> bool:
        """Note that the performer took a slot's sound, and return whether that is new. Raises OutOfRange."""
        if not self.slot(number).is_filled or number in self._taken:
            return False
        self._taken.add(number)
        return True

    def forget_taken(self) -> None:
        """Count no slot as taken."""
        self._taken.clear()

    def place_for(self, number: int | None = None) -> int:
        """Return the slot that a fragment would come into now: this one, or the next of the circle.

        Raises
        ------
        AllSlotsFrozen, SlotFrozen, OutOfRange
        CannotWrite
            A folder stands in the slot's place, or the folder of slots takes no files: known before any work is done.
        """
        target = self.next_slot if number is None else number
        if target is None:
            free = [one for one in range(1, self.n_slots + 1) if not self._kept.slot(one).is_frozen]
            if not free:
                raise AllSlotsFrozen(n_slots=self.n_slots)
            target = free[0]
        if self.slot(target).is_frozen:
            raise SlotFrozen(number=target)
        if not os.access(self.folder, os.W_OK | os.X_OK):
            raise _refused(self.folder, errno.EACCES if self.folder.exists() else errno.ENOENT)
        if is_folder(self.path_of(target)):
            raise _refused(self.path_of(target), errno.EISDIR)
        return target

    def check(self, number: int) -> None:
        """Refuse a number that no slot has. Raises OutOfRange."""
        if not 1 <= number <= self.n_slots:
            raise OutOfRange(name="slot", value=number, low=1, high=self.n_slots)

    @contextlib.contextmanager
    def quietly(self, number: int) -> Iterator[Path]:
        """Yield another name of a slot's file, by which it can be opened without counting as taken.

        Raises OutOfRange, CannotRead.
        """
        self.check(number)
        path, link = self.path_of(number), self._hidden / f"reading-{secrets.token_hex(8)}.wav"
        if status_of(path) is None and os.path.lexists(path):
            # Of a device or a pipe there is no end.
            raise CannotRead(path=str(path), detail="it is a folder" if path.is_dir() else "it is not a regular file")
        try:
            link.hardlink_to(path)
        except FileNotFoundError as error:
            raise CannotRead(path=str(path), detail="the slot is empty") from error
        except OSError:  # a file system without links
            yield path
            return
        try:
            yield link
        except StudioError as error:
            if error.fields.get("path") != str(link):
                raise
            # Of the name that a person knows.
            raise type(error)(**{**error.fields, "path": str(path)}) from error
        finally:
            link.unlink(missing_ok=True)

    def opened(self, number: int) -> BinaryIO:
        """Return a slot's file, opened for reading without counting as taken. Raises OutOfRange, CannotRead."""
        with self.quietly(number) as path:
            try:
                return path.open("rb")
            except OSError as error:
                raise CannotRead(path=str(self.path_of(number)), detail=error.strerror or str(error)) from error

    # --- within -------------------------------------------------------------------------------------------------------

    def _locked(self) -> int:
        descriptor = os.open(self._hidden / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
        if not _lock(descriptor):
            os.close(descriptor)
            raise FragmentsBusy(folder=str(self.folder))
        for left in self._hidden.glob("reading-*.wav"):
            left.unlink(missing_ok=True)
        return descriptor

    def _keep(self, kept: Kept) -> None:
        kept.write(self._state)
        self._kept = kept

    def _written(self, fragment: Fragment) -> Path:
        """Write a fragment beside the slots, and return where. Raises CannotWrite."""
        path = self._hidden / "next.wav"
        n_samples, rate = len(fragment.samples), fragment.sample_rate
        shape, metadata = fragment.shape, said_of(fragment.recipe, fragment.made)
        if shape is not None:
            metadata = metadata.with_loop(n_samples, rate, shape.tempo_bpm, shape.bars)
        with writing_audio(
            path,
            rate,
            fragment.samples.shape[1],
            bits="16",
            n_samples=n_samples,
            loop_region=None if shape is None else LoopRegion(0, n_samples),
            metadata=metadata,
        ) as out:
            out.write(fragment.samples)
        return path

    def _known(self, number: int, kept: KeptSlot, status: os.stat_result) -> KeptSlot:
        """Read what a file is that this station did not write, or of which nothing was kept."""
        known = replace(kept.without_sound(), size=status.st_size, mtime_ns=status.st_mtime_ns)
        with contextlib.suppress(AudioFileError, BadClip, CannotRead), self.quietly(number) as path:
            clip, carried = read_clip(path, max_channels=2), carried_by(path)
            prompt = carried.recipe.prompt if isinstance(carried, Carried) else ""
            known = replace(known, prompt=prompt, duration_s=clip.duration_s, peaks=peaks_of(np.asarray(clip.samples)))
        self._kept = self._kept.with_slot(number, known)
        self._taken.discard(number)
        return known


def check_free(folder: Path) -> None:
    """Raise FragmentsBusy where a station has a folder, as far as can be told by looking."""
    with contextlib.suppress(OSError), (folder / HIDDEN / LOCK).open("rb") as file:
        if not _lock(file.fileno()):
            raise FragmentsBusy(folder=os.path.realpath(folder))


def next_in(folder: Path, n_slots: int) -> int | None:
    """Return which slot of a folder comes next, as far as can be told by looking; None where there is none."""
    kept = settled(read_kept(folder / HIDDEN / "state.json"), folder, n_slots)
    return next(circle(kept, folder, n_slots), None)


def prompt_kept_in(folder: Path, number: int) -> str:
    """Return the prompt that is kept for a slot, as far as can be told by looking; "" where there is none."""
    return read_kept(folder / HIDDEN / "state.json").slot(number).own_prompt


def _lock(descriptor: int) -> bool:
    """Lock a file for as long as it is open, and return True; False where another has it."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # a file system without locks is taken to be one's own
        pass
    return True


def _refused(path: Path, number: int) -> CannotWrite:
    return cannot_write(path, OSError(number, os.strerror(number)))
