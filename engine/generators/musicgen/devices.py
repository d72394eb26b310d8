# SPDX-License-Identifier: GPL-3.0-or-later
"""This module chooses what computes, in which numbers, and tells how much memory there is for it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from engine.errors import GeneratorMissing
from engine.generators.musicgen.declared import TITLE

if TYPE_CHECKING:
    import torch

_MEMORY, _PROCESSOR = Path("/proc/meminfo"), Path("/proc/cpuinfo")
_KNOW_BFLOAT16 = {"avx512_bf16", "amx_bf16", "bf16"}
"""Names under which processors (x86 and Arm) say that they multiply bfloat16."""

_OUT_OF_MEMORY = ("can't allocate memory", "not enough memory", "out of memory", "cannot allocate memory")


def device_named(name: str) -> torch.device:
    """Return the device of that name; "auto" is the fastest that there is. Raises GeneratorMissing."""
    import torch

    there = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available(), "cpu": True}
    if name == "auto":
        name = next(one for one, is_there in there.items() if is_there)
    elif not there[name]:
        hint = (
            f"torch finds nothing here to compute on that is called “{name}”: choose “auto” under “Compute on” in SETUP"
        )
        raise GeneratorMissing(generator=TITLE, hint=hint)
    return torch.device(name)


def numbers_for(device: torch.device, precision: str) -> torch.dtype:
    """Return the numbers in which the decoder computes there; codec and text are always computed in float32.

    Graphics cards take float16, processors bfloat16 where they multiply it themselves, and float32 else; so does
    everything where ``precision`` is "full".
    """
    import torch

    if precision == "full":
        return torch.float32
    if device.type != "cpu":
        return torch.float16
    return torch.bfloat16 if knows_bfloat16() else torch.float32


def knows_bfloat16() -> bool:
    """Return whether this processor multiplies bfloat16 itself; False where the system does not tell."""
    try:
        text = _PROCESSOR.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    lines = (line.split(":", 1) for line in text.splitlines() if line.startswith(("flags", "Features")))
    return any(_KNOW_BFLOAT16 & set(words[1].split()) for words in lines if len(words) == 2)


def free_memory(device: torch.device) -> int | None:
    """Return the free memory of a device in bytes, None where the system does not tell."""
    import torch

    if device.type == "cuda":
        return int(torch.cuda.mem_get_info(device)[0])
    try:
        told = dict(line.split(":", 1) for line in _MEMORY.read_text(encoding="ascii").splitlines())
        return 1024 * int(told["MemAvailable"].split()[0])
    except (OSError, ValueError, KeyError, IndexError):
        return None


def is_out_of_memory(error: BaseException) -> bool:
    """Return whether an error says that memory ran out: torch says so in words where it has no error for it."""
    if isinstance(error, MemoryError):
        return True
    return isinstance(error, RuntimeError) and any(words in str(error).lower() for words in _OUT_OF_MEMORY)
