"""Roles from user groups: synchronized at intervals, and an outage locks nobody out."""

from __future__ import annotations

from datetime import timedelta

from bot.clock import AdjustableClock
from bot.services.actors import roles
from bot.slack.client.role_groups import sync_role_groups
from storage.tables import Role
from tests.slack.slack_fixture import SlackFixture


async def synced_roles(slack: SlackFixture, group: str) -> dict[str, Role]:
    """Synchronize the coordinators with a group, and return the role of each person."""
    await sync_role_groups(slack.sender, {Role.COORDINATOR: group, Role.SENIOR: ""})
    return slack.database.read_now(roles.roles_by_slack_id, ())


async def test_roles_follow_the_group_every_15_minutes(slack: SlackFixture) -> None:
    ada, bo = slack.add_expert("ada"), slack.add_expert("bo")
    group = slack.sandbox.add_usergroup([ada], handle="leads")
    assert await synced_roles(slack, group) == {ada.id: Role.COORDINATOR}
    slack.sandbox.set_usergroup_members(group, [bo])
    slack.advance_clock(minutes=14)
    assert await synced_roles(slack, group) == {ada.id: Role.COORDINATOR}
    slack.advance_clock(minutes=1)
    assert await synced_roles(slack, group) == {bo.id: Role.COORDINATOR}


async def test_clock_set_back_does_not_delay_the_synchronization(slack: SlackFixture) -> None:
    ada, bo = slack.add_expert("ada"), slack.add_expert("bo")
    group = slack.sandbox.add_usergroup([ada], handle="leads")
    await synced_roles(slack, group)
    slack.sandbox.set_usergroup_members(group, [bo])
    slack.sender.clock = AdjustableClock(slack.now - timedelta(hours=2))
    assert await synced_roles(slack, group) == {bo.id: Role.COORDINATOR}


async def test_changed_group_is_synchronized_at_once(slack: SlackFixture) -> None:
    ada, bo = slack.add_expert("ada"), slack.add_expert("bo")
    first = slack.sandbox.add_usergroup([ada], handle="leads")
    second = slack.sandbox.add_usergroup([bo], handle="chiefs")
    await synced_roles(slack, first)
    assert await synced_roles(slack, second) == {bo.id: Role.COORDINATOR}
    assert await synced_roles(slack, "") == {}


async def test_refusal_leaves_roles_unchanged(slack: SlackFixture) -> None:
    ada = slack.add_expert("ada")
    group = slack.sandbox.add_usergroup([ada], handle="leads")
    await synced_roles(slack, group)
    slack.advance_clock(minutes=20)
    slack.sandbox.faults.error("usergroups.users.list", "internal_error")
    assert await synced_roles(slack, group) == {ada.id: Role.COORDINATOR}


async def test_role_without_a_group_makes_no_request(slack: SlackFixture) -> None:
    assert await synced_roles(slack, "") == {}
    assert slack.sandbox.request_counts["usergroups.users.list"] == 0
