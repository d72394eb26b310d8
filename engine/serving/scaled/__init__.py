# SPDX-License-Identifier: GPL-3.0-or-later
"""The makers of a server as replicas on a Ray cluster, by Ray Serve: one model a graphics card, as many as are needed.

The extra ``ray`` brings what it needs; ``infiniloop serve --on-ray`` runs it. Ray is imported inside functions alone.
"""
