"""Metrics for Prometheus: what this process counts and measures, and figures of the database.

Several bots on one database each report their own counts, and all the same figures of the database.
"""

from __future__ import annotations

import re

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

REGISTRY = CollectorRegistry()

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
"""Upper ends of the buckets; Slack allows three seconds for a response."""

REQUEST_TYPES = ("block_actions", "view_submission", "view_closed", "event_callback", "command")
"""Types that Slack sends. Any other value is counted as other, because it is untrusted."""

REQUEST_SECONDS = Histogram(
    "labelbot_request_seconds",
    "Time from the arrival of a request of Slack to its acknowledgment, by type.",
    ["type"],
    buckets=SECONDS,
    registry=REGISTRY,
)
DELIVERY_SECONDS = Histogram(
    "labelbot_delivery_seconds",
    "Time from the queueing of a message to its delivery, by priority.",
    ["priority"],
    buckets=SECONDS,
    registry=REGISTRY,
)
SLACK_CALLS = Counter(
    "labelbot_slack_calls",
    "Calls of Slack's Web API, by method and error code; ok if there was none.",
    ["method", "code"],
    registry=REGISTRY,
)
ANSWERS = Gauge(
    "labelbot_answers", "Answers that are stored, by campaign.", ["campaign"], registry=REGISTRY
)
OUTBOX = Gauge(
    "labelbot_outbox_messages",
    "Messages to Slack, by state; failed ones of the last 24 hours.",
    ["state"],
    registry=REGISTRY,
)
WEBHOOKS = Gauge("labelbot_webhooks", "Webhooks, by state.", ["state"], registry=REGISTRY)
WEBHOOK_EVENTS = Gauge(
    "labelbot_webhook_events",
    "Events for webhooks, by state; failed ones of the last 24 hours.",
    ["state"],
    registry=REGISTRY,
)
RUNS = Gauge(
    "labelbot_runs",
    "Exports and imports, by work and state.",
    ["work", "state"],
    registry=REGISTRY,
)
QUEUE_AGE = Gauge(
    "labelbot_queue_age_seconds",
    "Age of what waits longest in a queue: messages, events, exports, imports; 0: nothing waits.",
    ["queue"],
    registry=REGISTRY,
)

_ERROR_CODE = re.compile(r"[a-z0-9_]{1,60}")


def request_type(body: object) -> str:
    """Return the type of a payload, one of `REQUEST_TYPES` or other."""
    if not isinstance(body, dict):
        return "other"
    found = "command" if "command" in body else body.get("type")
    return found if found in REQUEST_TYPES else "other"


def count_call(method: str, code: str) -> None:
    """Count a call of the Web API; `code` is Slack's error code, or ok."""
    known = code if _ERROR_CODE.fullmatch(code) else "other"
    SLACK_CALLS.labels(method, known).inc()
