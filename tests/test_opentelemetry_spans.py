"""Spans and log lines of a request and of the message that it causes have one id."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from bot import spans as bot_spans
from bot.bolt_request import dispatch
from bot.opentelemetry_spans import build_opener
from bot.slack.parsing.action_ids import Action
from storage.correlation import correlate, current_correlation_id
from storage.database import Database
from tests.handlers.bolt_app import button_payload, open_bolt_app


@pytest.fixture
def spans() -> Iterator[InMemorySpanExporter]:
    """Record spans in memory during a test."""
    exporter = InMemorySpanExporter()
    bot_spans.set_opener(build_opener(SimpleSpanProcessor(exporter)))
    yield exporter
    bot_spans.set_opener(None)


def trace_id(span: ReadableSpan) -> str:
    """Return the trace id of a span as the log has it."""
    context = span.get_span_context()
    return f"{context.trace_id if context else 0:032x}"


async def test_request_and_its_message_are_one_trace(
    spans: InMemorySpanExporter, database: Database, tmp_path: Path
) -> None:
    async with open_bolt_app(database, tmp_path) as bolt:
        ada = bolt.slack.add_expert()
        bolt.slack.create_campaign(ada)
        response = await dispatch(bolt.bolt_app, button_payload(ada.id, Action("next_task", 0)))
        (message,) = await bolt.slack.outbox()
        await bolt.slack.deliver_all()
    assert response.status == 200
    by_name = {span.name: span for span in spans.get_finished_spans()}
    assert trace_id(by_name["request"]) == message.correlation_id
    assert trace_id(by_name["delivery"]) == message.correlation_id
    assert trace_id(by_name["slack call"]) == message.correlation_id
    assert dict(by_name["request"].attributes or {}) == {"type": "block_actions"}


async def test_correlation_id_reaches_functions_of_the_database(sqlite_url: str) -> None:
    with closing(Database(sqlite_url)) as database:
        with correlate() as first:
            assert await database.write(lambda _session: current_correlation_id()) == first
            assert database.write_now(lambda _session: current_correlation_id()) == first
        assert await database.write(lambda _session: current_correlation_id()) is None


def test_without_tracing_nothing_is_recorded(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG), correlate(), bot_spans.span("request", type="command"):
        assert current_correlation_id()
    assert caplog.records == []
