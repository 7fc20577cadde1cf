"""The configuration file of a workspace."""

from __future__ import annotations

import pytest
import yaml
from pydantic import ValidationError

from bot.sandbox import NO_LIMITS, SLACK_LIMITS, RateLimit, Sandbox
from bot.sandbox.workspace_config import UnknownMemberError, WorkspaceConfig, populate_workspace

CONFIG = """
users:
  - {name: ada, real_name: Ada Okafor, tz: Asia/Tokyo, title: Expert}
  - {name: cora, admin: true}
channels:
  - {name: general, members: [ada, cora]}
  - {name: leads, members: [cora], private: true, bot: false}
rate_limits: {chat.update: [5, 60]}
guide: [Say hello.]
"""


def test_users_and_channels_are_created(sandbox: Sandbox) -> None:
    config = WorkspaceConfig.model_validate(yaml.safe_load(CONFIG))
    users = populate_workspace(sandbox, config)
    assert sorted(users) == ["ada", "cora"]
    assert config.resolved_rate_limits == {"chat.update": RateLimit(5, 60)}
    users["ada"].wait_until_gone("anything", within=0)


def test_rate_limits_can_be_a_preset() -> None:
    assert WorkspaceConfig().resolved_rate_limits == SLACK_LIMITS
    assert WorkspaceConfig(rate_limits="none").resolved_rate_limits == NO_LIMITS


@pytest.mark.parametrize(
    "config",
    [
        {"users": [{"name": "ada", "tz": "Mars/Olympus"}]},
        {"users": [{"name": ""}]},
        {"persons": []},
        {"rate_limits": "some"},
        {"rate_limits": {"chat.update": [5]}},
        {"delivery": "localhost"},
    ],
)
def test_invalid_config_is_rejected(config: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        WorkspaceConfig.model_validate(config)


def test_member_must_be_a_user(sandbox: Sandbox) -> None:
    config = WorkspaceConfig.model_validate({"channels": [{"name": "general", "members": ["eve"]}]})
    with pytest.raises(UnknownMemberError, match="'eve', a member of #general"):
        populate_workspace(sandbox, config)
