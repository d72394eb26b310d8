# SPDX-License-Identifier: GPL-3.0-or-later
"""Requests, offers, results and failures as they cross the network (``resources/protocol.md``), read and written here.

What is read comes from another machine and may be anything: every reader raises ValueError for what it cannot be.
"""

VERSION = 1
"""Version of the protocol: it rises when a machine with the older one would misunderstand."""
VERSION_HEADER = "Infiniloop-Protocol"
"""Name of the header in which each side tells its version with everything it says."""
