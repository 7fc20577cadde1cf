"""Roles follow their user groups, at a bearable pace, and an outage locks nobody out."""

from __future__ import annotations

from bot.services.actors import roles as role_service
from bot.slack.client.role_groups import sync_role_groups
from storage.tables import Role
from tests.slack.slack_fixture import SlackFixture


async def roles(line: SlackFixture, group: str) -> dict[str, Role]:
    """Ask, if it is time, and return who has which role."""
    await sync_role_groups(line.sender, {Role.COORDINATOR: group, Role.SENIOR: ""})
    return line.database.read_now(role_service.roles_by_slack_id, ())


async def test_members_have_the_role_and_who_left_loses_it_a_quarter_later(
    line: SlackFixture,
) -> None:
    ada, bo = line.add_expert("ada"), line.add_expert("bo")
    group = line.sandbox.add_usergroup([ada], handle="leads")
    assert await roles(line, group) == {ada.id: Role.COORDINATOR}
    line.sandbox.set_usergroup_members(group, [bo])
    line.advance_clock(minutes=14)
    assert await roles(line, group) == {ada.id: Role.COORDINATOR}
    line.advance_clock(minutes=1)
    assert await roles(line, group) == {bo.id: Role.COORDINATOR}


async def test_another_group_counts_at_once_and_none_takes_all_away(line: SlackFixture) -> None:
    ada, bo = line.add_expert("ada"), line.add_expert("bo")
    first = line.sandbox.add_usergroup([ada], handle="leads")
    second = line.sandbox.add_usergroup([bo], handle="chiefs")
    await roles(line, first)
    assert await roles(line, second) == {bo.id: Role.COORDINATOR}
    assert await roles(line, "") == {}


async def test_what_slack_does_not_tell_leaves_roles_as_they_were(line: SlackFixture) -> None:
    ada = line.add_expert("ada")
    group = line.sandbox.add_usergroup([ada], handle="leads")
    await roles(line, group)
    line.advance_clock(minutes=20)
    line.sandbox.faults.error("usergroups.users.list", "internal_error")
    assert await roles(line, group) == {ada.id: Role.COORDINATOR}


async def test_without_a_group_nobody_is_asked(line: SlackFixture) -> None:
    assert await roles(line, "") == {}
    assert line.sandbox.request_counts["usergroups.users.list"] == 0
