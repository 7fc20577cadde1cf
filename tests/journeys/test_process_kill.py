"""The bot's process is killed while experts answer; no answer is lost or stored twice."""

from __future__ import annotations

import socket
import threading
from collections import Counter

import pytest

from bot.autopilot import answer_everything
from tests.journeys.journey import Journey
from tests.journeys.labelbot_process import run_until_stopped

RUNNING = "labelbot is running"

PAIRS = [
    {
        "id": f"pair-{number}",
        "prompt": f"Question {number}?",
        "response_left": f"Left answer {number}.",
        "response_right": f"Right answer {number}.",
    }
    for number in range(6)
]
OVERLAP = 3
EXPECTED_ANSWERS = len(PAIRS) * OVERLAP


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # tests/faults has the others
def test_process_kill_neither_loses_nor_doubles_answers(journey: Journey) -> None:
    experts = [journey.add_user(f"expert{number}") for number in range(4)]
    journey.create_campaign("comparison", experts, PAIRS, overlap=OVERLAP)
    port = _free_port()
    if journey.transport == "http":
        journey.sandbox.use_http_delivery(f"http://127.0.0.1:{port}/slack/events")

    def is_done() -> bool:
        return len(journey.answer_values()) >= EXPECTED_ANSWERS

    with run_until_stopped(journey, "run", ready=RUNNING, port=port) as (first, _line):
        work = threading.Thread(target=answer_everything, args=(experts, is_done))
        work.start()
        journey.sandbox.wait_until(
            lambda: len(journey.answer_values()) >= EXPECTED_ANSWERS // 3, within=30
        )
        first.kill()
    before = {(row.assignment_id, row.version): row.value for row in journey.annotations()}
    with run_until_stopped(journey, "run", ready=RUNNING, port=port):
        work.join(60)
        assert not work.is_alive()

    after = {(row.assignment_id, row.version): row.value for row in journey.annotations()}
    assert before.items() <= after.items(), "answers stored before the kill are kept"
    assert len(journey.answer_values()) == EXPECTED_ANSWERS
    answered = [row for row in journey.assignments() if row.state == "answered"]
    assert set(Counter(row.task_id for row in answered).values()) == {OVERLAP}
    assert len({(row.task_id, row.expert_id) for row in answered}) == EXPECTED_ANSWERS
