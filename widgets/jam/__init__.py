# SPDX-License-Identifier: GPL-3.0-or-later
"""The jam panel: tempo and bars on top, a strip for each layer, and the slots from which loops are queued."""
