"""Tests of the keys of the HTTP API."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.errors import BotError
from bot.services.api_keys import keys
from bot.services.api_keys.keys import (
    InvalidKeyError,
    KeyHolder,
    KeyNameTakenError,
    OtherCampaignError,
    SmallScopeError,
)
from bot.services.campaigns.validation import BadNameError
from storage.row_id import id_of
from storage.tables import ApiKey, KeyScope
from tests.services.conftest import NOW, Scenario


def create(scenario: Scenario, name: str = "loop", *campaigns: str) -> str:
    """Create a key with the scope items."""
    created = scenario.database.write_now(
        keys.create_key, name, KeyScope.ITEMS, campaigns, scenario.actor
    )
    return created.key


def test_database_has_only_a_hash_of_a_key(scenario: Scenario) -> None:
    key = create(scenario)
    secret = key.rpartition("_")[2]
    (row,) = scenario.rows(ApiKey)
    assert secret not in repr(row.model_dump())
    assert secret not in repr(scenario.audit_log())
    assert scenario.audit_log() == [("created a key", "key loop")]


def test_key_is_found_until_it_is_revoked(scenario: Scenario) -> None:
    campaign_id = id_of(scenario.create_campaign("tone"))
    key = create(scenario, "loop", "tone", "tone")
    holder, last_used = scenario.database.read_now(keys.find_holder, key)
    assert (holder.name, holder.scope, last_used) == ("loop", KeyScope.ITEMS, None)
    assert holder.campaign_ids == {campaign_id}
    assert scenario.database.write_now(keys.revoke_key, "loop", scenario.actor)
    assert not scenario.database.write_now(keys.revoke_key, "loop", scenario.actor)
    with pytest.raises(InvalidKeyError):
        scenario.database.read_now(keys.find_holder, key)
    (status,) = scenario.database.read_now(keys.list_keys)
    assert (status.campaigns, status.revoked_by, status.revoked_at) == (("tone",), "ada", NOW)


@pytest.mark.parametrize(
    "change",
    [
        lambda _key: "",
        lambda _key: "lbk_",
        lambda key: key[:-1],
        lambda key: key + "0",
        lambda key: key[:-1] + ("0" if key[-1] != "0" else "1"),
        lambda key: f"lbk_{'0' * 12}_{key.rpartition('_')[2]}",
        lambda key: key.upper(),
        lambda key: f"{key}\n",
    ],
)
def test_wrong_key_is_refused(scenario: Scenario, change: object) -> None:
    key = create(scenario)
    assert callable(change)
    with pytest.raises(InvalidKeyError):
        scenario.database.read_now(keys.find_holder, change(key))


def test_name_of_a_revoked_key_is_not_used_again(scenario: Scenario) -> None:
    create(scenario)
    scenario.database.write_now(keys.revoke_key, "loop", scenario.actor)
    with pytest.raises(KeyNameTakenError):
        create(scenario)


@pytest.mark.parametrize("name", ["", "Loop", "U0123ABCD", "a b", "-", "é", "a" * 81])
def test_name_is_no_slack_id_and_no_markup(scenario: Scenario, name: str) -> None:
    with pytest.raises(BadNameError):
        create(scenario, name)


def test_unknown_campaign_or_key_is_an_error(scenario: Scenario) -> None:
    with pytest.raises(BotError, match="Unknown campaign"):
        create(scenario, "loop", "jokse")
    with pytest.raises(BotError, match="Unknown key"):
        scenario.database.write_now(keys.revoke_key, "loop", scenario.actor)


def test_larger_scopes_include_smaller_ones() -> None:
    for index, scope in enumerate(keys.SCOPES):
        allowed = [needed for needed in keys.SCOPES if KeyHolder(1, "k", scope).has_scope(needed)]
        assert allowed == list(keys.SCOPES[: index + 1])
    with pytest.raises(SmallScopeError, match="scope read; this needs admin"):
        KeyHolder(1, "k", KeyScope.READ).require_scope(KeyScope.ADMIN)


def test_key_for_a_campaign_may_use_no_other() -> None:
    holder = KeyHolder(1, "k", KeyScope.ADMIN, frozenset({7}))
    assert (holder.may_use(7), holder.may_use(8)) == (True, False)
    with pytest.raises(OtherCampaignError):
        holder.require_all_campaigns()


def test_use_is_recorded_once_a_minute() -> None:
    assert keys.is_use_due(None, NOW)
    assert not keys.is_use_due(NOW, NOW + timedelta(seconds=59))
    assert keys.is_use_due(NOW, NOW + timedelta(minutes=1))
    assert keys.is_use_due(NOW + timedelta(days=1), NOW), "the clock was set back"
