# SPDX-License-Identifier: GPL-3.0-or-later
"""The companion plays along with a recording: it continues, accompanies, fills and varies what it has listened to."""
