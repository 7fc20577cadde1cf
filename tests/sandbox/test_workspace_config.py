"""A workspace that is written down."""

from __future__ import annotations

import pytest
import yaml
from pydantic import ValidationError

from bot.sandbox import NO_LIMITS, SLACK_LIMITS, RateLimit, Sandbox
from bot.sandbox.workspace_config import UnknownMemberError, WorkspaceConfig, populate_workspace

WRITTEN = """
people:
  - {name: ada, real_name: Ada Okafor, tz: Asia/Tokyo, title: Expert}
  - {name: cora, admin: true}
channels:
  - {name: general, members: [ada, cora]}
  - {name: leads, members: [cora], private: true, bot: false}
limits: {chat.update: [5, 60]}
guide: [Say hello.]
"""


def test_people_and_channels_are_there(sandbox: Sandbox) -> None:
    layout = WorkspaceConfig.model_validate(yaml.safe_load(WRITTEN))
    people = populate_workspace(sandbox, layout)
    assert sorted(people) == ["ada", "cora"]
    assert layout.resolved_rate_limits == {"chat.update": RateLimit(5, 60)}
    people["ada"].wait_until_gone("anything", within=0)


def test_limits_can_be_named() -> None:
    assert WorkspaceConfig().resolved_rate_limits == SLACK_LIMITS
    assert WorkspaceConfig(rate_limits="none").resolved_rate_limits == NO_LIMITS


@pytest.mark.parametrize(
    "wrong",
    [
        {"people": [{"name": "ada", "tz": "Mars/Olympus"}]},
        {"people": [{"name": ""}]},
        {"persons": []},
        {"limits": "some"},
        {"limits": {"chat.update": [5]}},
        {"delivery": "localhost"},
    ],
)
def test_what_is_wrong_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        WorkspaceConfig.model_validate(wrong)


def test_a_member_has_to_be_somebody(sandbox: Sandbox) -> None:
    layout = WorkspaceConfig.model_validate({"channels": [{"name": "general", "members": ["eve"]}]})
    with pytest.raises(UnknownMemberError, match="'eve', a member of #general"):
        populate_workspace(sandbox, layout)
