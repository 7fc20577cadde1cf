"""Roles follow their user groups, at a bearable pace, and an outage locks nobody out."""

from __future__ import annotations

from bot.services.actors import roles as role_service
from bot.slack.client.role_groups import sync_role_groups
from storage.tables import Role
from tests.slack.slack_fixture import SlackFixture


async def roles(slack: SlackFixture, group: str) -> dict[str, Role]:
    """Ask, if it is time, and return who has which role."""
    await sync_role_groups(slack.sender, {Role.COORDINATOR: group, Role.SENIOR: ""})
    return slack.database.read_now(role_service.roles_by_slack_id, ())


async def test_members_have_the_role_and_who_left_loses_it_a_quarter_later(
    slack: SlackFixture,
) -> None:
    ada, bo = slack.add_expert("ada"), slack.add_expert("bo")
    group = slack.sandbox.add_usergroup([ada], handle="leads")
    assert await roles(slack, group) == {ada.id: Role.COORDINATOR}
    slack.sandbox.set_usergroup_members(group, [bo])
    slack.advance_clock(minutes=14)
    assert await roles(slack, group) == {ada.id: Role.COORDINATOR}
    slack.advance_clock(minutes=1)
    assert await roles(slack, group) == {bo.id: Role.COORDINATOR}


async def test_another_group_counts_at_once_and_none_takes_all_away(slack: SlackFixture) -> None:
    ada, bo = slack.add_expert("ada"), slack.add_expert("bo")
    first = slack.sandbox.add_usergroup([ada], handle="leads")
    second = slack.sandbox.add_usergroup([bo], handle="chiefs")
    await roles(slack, first)
    assert await roles(slack, second) == {bo.id: Role.COORDINATOR}
    assert await roles(slack, "") == {}


async def test_what_slack_does_not_tell_leaves_roles_as_they_were(slack: SlackFixture) -> None:
    ada = slack.add_expert("ada")
    group = slack.sandbox.add_usergroup([ada], handle="leads")
    await roles(slack, group)
    slack.advance_clock(minutes=20)
    slack.sandbox.faults.error("usergroups.users.list", "internal_error")
    assert await roles(slack, group) == {ada.id: Role.COORDINATOR}


async def test_without_a_group_nobody_is_asked(slack: SlackFixture) -> None:
    assert await roles(slack, "") == {}
    assert slack.sandbox.request_counts["usergroups.users.list"] == 0
