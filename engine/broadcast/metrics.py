# SPDX-License-Identifier: GPL-3.0-or-later
"""Metrics are figures of the radio, in the text format of Prometheus."""

from __future__ import annotations

from fastapi import Response
from prometheus_client import CollectorRegistry, Counter, Gauge, disable_created_metrics, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from engine.broadcast.connections import Connections
from engine.broadcast.transmitter import Transmitter
from engine.values.radio import StudioState

# The library declares no types for it.
disable_created_metrics()  # type: ignore[no-untyped-call]


def metrics_text(transmitter: Transmitter, connections: Connections, n_listeners: int, studio: StudioState) -> Response:
    """Return all figures as they are now."""
    registry, mounts, watch = CollectorRegistry(), transmitter.mounts, transmitter.watch
    by_form = Gauge("infiniloop_radio_stream_listeners", "Listeners of each form now", ["form"], registry=registry)
    waiting = Gauge(
        "infiniloop_radio_stream_waiting_bytes", "Bytes on their way to who listens", ["form"], registry=registry
    )
    for name, mount in mounts.items():
        by_form.labels(name).set(mount.n_listeners)
        waiting.labels(name).set(mount.n_waiting_bytes)
    sent = Gauge("infiniloop_radio_icecast_connected", "1 while Icecast takes it", ["mount"], registry=registry)
    for source in transmitter.icecast:
        sent.labels(str(source.address)).set(not source.trouble)
    if transmitter.hls is not None:
        is_written = Gauge("infiniloop_radio_hls_written", "1 while HLS can be written", registry=registry)
        is_written.set(not transmitter.hls.trouble)
    for name, words, value in (
        ("listeners", "Listeners now", n_listeners),
        ("dead_air_seconds", "Seconds for which nothing is heard in the encoded stream", watch.dead_s),
        ("longest_dead_air_seconds", "The longest such time so far", watch.most_dead_s),
        ("prepared_seconds", "Seconds for which music lasts if nothing more is made", studio.prepared_s),
        ("generator_working", "0 while the generator that is asked makes nothing", not studio.is_generator_failing),
        ("on_reserve", "1 while nothing comes from the studio", transmitter.is_on_reserve),
    ):
        Gauge(f"infiniloop_radio_{name}", words, registry=registry).set(value)
    for name, words, value in (
        ("dropped", "Listeners who were dropped, as they did not read", sum(one.n_dropped for one in mounts.values())),
        ("refused_connections", "Connections that were one too many of an address", connections.n_refused),
        ("streamed_seconds", "Seconds of the stream so far", transmitter.streamed_s),
        ("made_music_seconds", "Seconds of music that were made", studio.made_s),
        ("making_seconds", "Seconds that their making took", studio.making_s),
        ("xruns", "Times the player could not keep up", studio.xruns),
        ("unreadable_frames", "Frames of the encoded stream that could not be decoded", watch.n_unreadable),
    ):
        Counter(f"infiniloop_radio_{name}", words, registry=registry).inc(value)
    return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)
