"""Spans of OpenTelemetry. The correlation id is the trace id, so logs and traces match."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager

from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import (
    NonRecordingSpan,
    SpanContext,
    TraceFlags,
    Tracer,
    set_span_in_context,
)

from bot import __version__
from storage.correlation import current_correlation_id

LAST_64_BITS = 2**64 - 1

Opener = Callable[[str, Mapping[str, str]], AbstractContextManager[None]]


def build_opener(processor: SpanProcessor | None = None) -> Opener:
    """Return what opens spans; they go to `processor`, or where `OTEL_…` says."""
    resource = Resource.create({"service.name": "labelbot", "service.version": __version__})
    provider = TracerProvider(resource=resource)
    provider.add_span_processor(processor or BatchSpanProcessor(OTLPSpanExporter()))
    tracer = provider.get_tracer("labelbot", __version__)

    def open_span(name: str, attributes: Mapping[str, str]) -> AbstractContextManager[None]:
        return _open_span(tracer, name, attributes)

    return open_span


@contextmanager
def _open_span(tracer: Tracer, name: str, attributes: Mapping[str, str]) -> Iterator[None]:
    with tracer.start_as_current_span(name, _parent_context(), attributes=dict(attributes)):
        yield


def _parent_context() -> Context | None:
    """Return a context with the correlation id as trace id.

    A request and the delivery of its message, perhaps by another process, are in one trace.
    """
    correlation_id = current_correlation_id()
    if correlation_id is None:
        return None
    trace_id = int(correlation_id, 16)
    parent = SpanContext(
        trace_id, (trace_id & LAST_64_BITS) or 1, is_remote=True, trace_flags=TraceFlags(1)
    )
    return set_span_in_context(NonRecordingSpan(parent))
