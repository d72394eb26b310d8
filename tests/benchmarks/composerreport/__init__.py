# SPDX-License-Identifier: GPL-3.0-or-later
"""The command ``make bench-composer`` measures the built-in composer's music from outside, and reports."""
