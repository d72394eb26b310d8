# SPDX-License-Identifier: GPL-3.0-or-later
"""Shared memory starts as zeros, is seen by every process that maps it, and leaves nothing behind."""

from __future__ import annotations

import os

import numpy as np
import pytest

from engine.shared import SharedBlock, copied, mapped
from tests.descriptors import open_descriptors


def test_a_block_starts_as_zeros_and_two_over_one_descriptor_are_the_same() -> None:
    held = open_descriptors()
    block = SharedBlock(10_000)
    assert not any(block.memory[:])
    other = SharedBlock(10_000, descriptor=os.dup(block.descriptor))
    block.memory[9_999] = 7
    assert other.memory[9_999] == 7
    del block
    assert other.memory[9_999] == 7
    del other
    assert open_descriptors() <= held


def test_a_copy_is_mapped_without_its_descriptor() -> None:
    held = open_descriptors()
    content = np.arange(100_000, dtype=np.uint8)
    descriptor = copied(content.data)
    array = mapped(descriptor)
    os.close(descriptor)
    np.testing.assert_array_equal(array, content)
    with pytest.raises(ValueError, match="read-only"):
        array[0] = 1
    assert open_descriptors() <= held


def test_what_cannot_be_mapped_is_an_error() -> None:
    reader, writer = os.pipe()
    with pytest.raises(OSError, match=r"(?i)no such device|invalid"):
        mapped(reader)
    os.close(reader)
    os.close(writer)
