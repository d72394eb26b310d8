# SPDX-License-Identifier: GPL-3.0-or-later
"""The radio: what is played, off the tape, encoded once for each form and sent to all who listen.

It has a process of its own, which the music never waits for. The extra ``radio`` brings what it needs.
"""
