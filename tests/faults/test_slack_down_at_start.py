"""Slack cannot be reached, or does not work, while the bot starts."""

from __future__ import annotations

from datetime import UTC, datetime
from threading import Event, Thread

import pytest

from tests.faults.answer_log import answer_until
from tests.faults.bot_process import BotProcess
from tests.faults.fault_case import FaultCase
from tests.faults.kill_run import free_port
from tests.faults.promises import check_promises
from tests.faults.proxy import FaultyProxy

DOWN_SECONDS = 2.0
"""Real seconds until Slack works: an exit would have happened by then."""

START_SECONDS = 40
"""Longest real time until the bot has noticed that Slack works."""

ITEMS = 2


@pytest.mark.parametrize("transport", ["socket", "http"], indirect=True)
@pytest.mark.parametrize(
    ("database_url", "is_reachable"),
    [
        pytest.param("sqlite", False, id="sqlite-no_connection"),
        pytest.param("sqlite", True, id="sqlite-server_errors"),
        pytest.param("postgresql", False, id="postgresql-no_connection"),
    ],
    indirect=["database_url"],
)
def test_bot_waits_for_slack(case: FaultCase, *, is_reachable: bool) -> None:
    experts = case.add_people("ada", "grace")
    case.create_comparison(experts, items=ITEMS)
    with FaultyProxy(case.sandbox.api_url, case.proxy_counts, is_down=not is_reachable) as proxy:
        case.api_url = proxy.url
        case.sandbox.faults.fail("*", status=503, times=10**6)
        port = free_port()
        if case.transport == "http":
            case.sandbox.use_http_delivery(f"http://127.0.0.1:{port}/slack/events")
        offset = case.clock.now() - datetime.now(UTC)
        with BotProcess(case.settings(), offset, port) as bot:
            bot.process.join(DOWN_SECONDS)
            assert bot.process.is_alive(), "the bot exits at start while Slack is down"
            case.sandbox.faults.clear()
            if not is_reachable:
                proxy.go_up()
            assert bot.has_started(START_SECONDS), "the bot does not notice that Slack works"
            _answer_everything(case)
            check_promises(case)


def _answer_everything(case: FaultCase) -> None:
    is_over = Event()
    work = Thread(target=answer_until, args=(case.people, case.answers, is_over.is_set))
    work.start()
    try:
        expected = len(case.people) * ITEMS
        case.sandbox.wait_until(lambda: case.answered_count() == expected, within=START_SECONDS)
    finally:
        is_over.set()
        work.join()
