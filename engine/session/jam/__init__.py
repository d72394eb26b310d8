# SPDX-License-Identifier: GPL-3.0-or-later
"""A jam: layers in step with one clock, whose loops are made, shaped to the bars, swapped, and changed in tempo."""
