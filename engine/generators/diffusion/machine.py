# SPDX-License-Identifier: GPL-3.0-or-later
"""This module chooses what computes a model on this machine, and in which precision."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from engine.errors import UnknownChoice

HEADROOM = 1.15
"""Times a model's memory that has to be free on a card for it to stay there whole."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place is where and how a model runs.

    Attributes
    ----------
    device
        “cpu”, “cuda” or “mps”.
    precision
        Name of the type of its numbers in torch: “float32”, “bfloat16” or “float16”.
    is_offloaded
        Whether only the part that computes is on the device, the rest in the machine's memory.
    """

    device: str
    precision: str
    is_offloaded: bool = False

    @property
    def dtype(self) -> Any:
        """Return the type of its numbers, as torch has it."""
        import torch

        return getattr(torch, self.precision)


def place_for(memory_bytes: int, *, device: str = "best", precision: str = "best", offload: str = "short") -> Place:
    """Return where a model that needs so much memory in half precision runs best, as far as that was left open.

    Raises UnknownChoice for a device that this machine does not have.
    """
    there = _devices()
    if device == "best":
        device = there[0]
    elif device not in there:
        raise UnknownChoice(name="device", value=device, choices=", ".join(("best", *there)))
    numbers = "float32" if precision == "full" else _half(device)
    if precision == "best" and device == "cpu" and not _has_bf16():
        numbers = "float32"
    needed = memory_bytes * (2 if numbers == "float32" else 1)
    is_short = device == "cuda" and _free_bytes() < needed * HEADROOM
    return Place(device, numbers, device != "cpu" and (offload == "always" or (offload == "short" and is_short)))


def _devices() -> tuple[str, ...]:
    """Return the devices of this machine, the fastest first."""
    import torch

    found = ["cuda"] if torch.cuda.is_available() else []
    if torch.backends.mps.is_available():
        found.append("mps")
    return (*found, "cpu")


def _half(device: str) -> str:
    import torch

    if device == "mps" or (device == "cuda" and not torch.cuda.is_bf16_supported(including_emulation=False)):
        return "float16"
    return "bfloat16"


def _has_bf16() -> bool:
    """Return whether the processor computes bfloat16 itself: where it does not, that is slower than float32."""
    import torch

    can = torch.cpu.get_capabilities() if hasattr(torch.cpu, "get_capabilities") else {}
    return bool(can.get("avx512_bf16") or can.get("amx_bf16") or can.get("bf16"))


def _free_bytes() -> int:
    import torch

    return int(torch.cuda.mem_get_info()[0])


def is_out_of_memory(error: BaseException) -> bool:
    """Return whether an error says that there was not enough memory; torch has several ways to say it."""
    import torch

    if isinstance(error, MemoryError | torch.OutOfMemoryError):
        return True
    text = str(error).lower()
    return isinstance(error, RuntimeError) and any(
        words in text for words in ("out of memory", "not enough memory", "can't allocate memory", "cannot allocate")
    )
