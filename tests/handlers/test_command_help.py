"""Tests of the help text, for experts and coordinators."""

from __future__ import annotations

import pytest

from handlers.command_help import HELP_PARTS
from handlers.registry import SUBCOMMANDS
from tests.handlers.bolt_app import COORDINATOR, BoltApp


async def test_help_lists_what_the_role_permits(bolt: BoltApp) -> None:
    expert_help = await bolt.send_command("U1", "help")
    coordinator_help = await bolt.send_command(COORDINATOR, "")
    assert "/label next" in expert_help
    assert "export" not in expert_help
    assert "/label export [CAMPAIGN]" in coordinator_help


async def test_help_has_a_part_for_experts_and_one_for_coordinators(bolt: BoltApp) -> None:
    expert_help = await bolt.send_command("U1", "help")
    coordinator_help = await bolt.send_command(COORDINATOR, "help")
    assert expert_help.startswith("*For experts*\n\n_Answer tasks_\n*/label next [CAMPAIGN]*: ")
    assert "For coordinators" not in expert_help
    assert (
        "*For coordinators*\n\n_Set up a campaign_\n*/label new [TEMPLATE]*: " in coordinator_help
    )
    listed = [name for tasks in HELP_PARTS.values() for names in tasks.values() for name in names]
    assert sorted(listed) == sorted(SUBCOMMANDS)
    roles = {name: SUBCOMMANDS[name].role for name in listed}
    assert {roles[name] for names in HELP_PARTS["For experts"].values() for name in names} == {None}


async def test_unknown_command_suggests_several_near_ones(bolt: BoltApp) -> None:
    reply = await bolt.send_command(COORDINATOR, "exper")
    assert reply.startswith("Unknown command “exper”. Did you mean */label experts*")
    assert "*/label export*" in reply.partition("?")[0]
    described = await bolt.send_command(COORDINATOR, "create a campaign")
    assert "Did you mean */label new*?" in described


@pytest.mark.parametrize("text", ["nonsense", "nonsense next", "<@U1|ada>", "help nonsense"])
async def test_unknown_command_lists_the_known_ones(bolt: BoltApp, text: str) -> None:
    reply = await bolt.send_command("U1", text)
    assert reply.startswith("Unknown command “")
    assert "<@" not in reply
    assert "/label next" in reply


async def test_mistyped_command_suggests_the_most_similar_one(bolt: BoltApp) -> None:
    reply = await bolt.send_command(COORDINATOR, "staus tone")
    assert reply.startswith("Unknown command “staus”. Did you mean */label status*?")
    assert "*/label status [CAMPAIGN]*: Show your progress" in reply
    assert "*/label help* lists all commands" in reply
    assert "/label export" not in reply
    assert "Did you mean */label next*" in await bolt.send_command("U1", "nxet")
    assert "export" not in (await bolt.send_command("U1", "exprot tone")).partition("”")[2]
    assert "Did you mean */label export*" in await bolt.send_command(COORDINATOR, "exprot tone")
    assert "Did you mean */label export*" in await bolt.send_command(COORDINATOR, "help exprot")


async def test_help_for_one_command_has_an_example(bolt: BoltApp) -> None:
    reply = await bolt.send_command(COORDINATOR, "help Export")
    assert reply.startswith("*/label export [CAMPAIGN]")
    assert "Example: `/label export jokes rating`" in reply
    assert reply.endswith("For coordinators only.")
    assert "/label next" not in reply
