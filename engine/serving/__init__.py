# SPDX-License-Identifier: GPL-3.0-or-later
"""A generator of this machine, offered to other machines over HTTP and WebSocket (``resources/protocol.md``).

The extra ``serve`` brings what it needs; ``infiniloop serve`` runs it.
"""
