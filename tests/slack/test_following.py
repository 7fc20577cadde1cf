"""Roles follow their user groups, at a bearable pace, and an outage locks nobody out."""

from __future__ import annotations

from bot.services import granting
from bot.slack.following import follow_groups
from storage.tables import Role
from tests.slack.line import Line


async def roles(line: Line, group: str) -> dict[str, Role]:
    """Ask, if it is time, and return who has which role."""
    await follow_groups(line.sender, {Role.COORDINATOR: group, Role.SENIOR: ""})
    return line.database.read_now(granting.roles, ())


async def test_members_have_the_role_and_who_left_loses_it_a_quarter_later(line: Line) -> None:
    ada, bo = line.expert("ada"), line.expert("bo")
    group = line.sandbox.usergroup([ada], handle="leads")
    assert await roles(line, group) == {ada.id: Role.COORDINATOR}
    line.sandbox.regroups(group, [bo])
    line.passes(minutes=14)
    assert await roles(line, group) == {ada.id: Role.COORDINATOR}
    line.passes(minutes=1)
    assert await roles(line, group) == {bo.id: Role.COORDINATOR}


async def test_another_group_counts_at_once_and_none_takes_all_away(line: Line) -> None:
    ada, bo = line.expert("ada"), line.expert("bo")
    first = line.sandbox.usergroup([ada], handle="leads")
    second = line.sandbox.usergroup([bo], handle="chiefs")
    await roles(line, first)
    assert await roles(line, second) == {bo.id: Role.COORDINATOR}
    assert await roles(line, "") == {}


async def test_what_slack_does_not_tell_leaves_roles_as_they_were(line: Line) -> None:
    ada = line.expert("ada")
    group = line.sandbox.usergroup([ada], handle="leads")
    await roles(line, group)
    line.passes(minutes=20)
    line.sandbox.faults.error("usergroups.users.list", "internal_error")
    assert await roles(line, group) == {ada.id: Role.COORDINATOR}


async def test_without_a_group_nobody_is_asked(line: Line) -> None:
    assert await roles(line, "") == {}
    assert line.sandbox.counts["usergroups.users.list"] == 0
