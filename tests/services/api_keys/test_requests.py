"""Tests of changes with an idempotency key."""

from __future__ import annotations

from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any

import pytest
from sqlmodel import Session

from bot.errors import BotError
from bot.services.api_keys import keys, requests
from bot.services.api_keys.requests import RepeatableRequest, ReusedIdempotencyKeyError
from bot.services.campaigns.campaigns import NameTakenError, create_campaign
from bot.services.campaigns.new_campaign import NewCampaign
from storage.tables import Campaign, KeyScope
from tests.services.conftest import NOW, Scenario


@pytest.fixture
def key_id(scenario: Scenario) -> int:
    """Return the id of a key."""
    created = scenario.database.write_now(
        keys.create_key, "loop", KeyScope.ADMIN, [], scenario.actor
    )
    return scenario.database.read_now(keys.find_holder, created.key)[0].key_id


def creating(scenario: Scenario, name: str) -> Callable[[Session], dict[str, Any]]:
    """Return a change that creates a campaign."""

    def change(session: Session) -> dict[str, Any]:
        create_campaign(session, NewCampaign(name, "comparison"), scenario.actor)
        return {"name": name}

    return change


def test_repeated_request_gets_the_first_response(scenario: Scenario, key_id: int) -> None:
    request = RepeatableRequest(key_id, "one", "fingerprint")
    change = creating(scenario, "tone")
    for is_repeated in (False, True):
        outcome = scenario.database.write_now(requests.run_once, request, NOW, change)
        assert outcome == ({"name": "tone"}, is_repeated)
    assert scenario.count("campaign") == 1
    other = RepeatableRequest(key_id, "one", "another")
    with pytest.raises(ReusedIdempotencyKeyError):
        scenario.database.write_now(requests.run_once, other, NOW, creating(scenario, "jokes"))


def test_failed_request_can_be_sent_again(scenario: Scenario, key_id: int) -> None:
    scenario.create_campaign("tone")
    request = RepeatableRequest(key_id, "one", "fingerprint")
    with pytest.raises(NameTakenError):
        scenario.database.write_now(requests.run_once, request, NOW, creating(scenario, "tone"))
    assert scenario.count("api_request") == 0


def test_requests_at_the_same_moment_take_effect_once(scenario: Scenario, key_id: int) -> None:
    request = RepeatableRequest(key_id, "one", "fingerprint")
    barrier = Barrier(4)
    outcomes: list[bool | BotError] = []

    def run() -> None:
        barrier.wait()
        try:
            change = creating(scenario, "tone")
            outcomes.append(scenario.database.write_now(requests.run_once, request, NOW, change)[1])
        except BotError as error:
            outcomes.append(error)

    threads = [Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(str, outcomes)) == ["False", "True", "True", "True"]
    assert len(scenario.rows(Campaign)) == 1


def test_responses_are_kept_for_a_day(scenario: Scenario, key_id: int) -> None:
    request = RepeatableRequest(key_id, "one", "fingerprint")
    scenario.database.write_now(requests.run_once, request, NOW, creating(scenario, "tone"))
    for later, kept in ((requests.KEPT_PERIOD, 1), (requests.KEPT_PERIOD * 1.01, 0)):
        is_old = scenario.database.read_now(requests.has_old_requests, NOW + later)
        scenario.database.write_now(requests.forget_old_requests, NOW + later)
        assert (is_old, scenario.count("api_request")) == (not kept, kept)
