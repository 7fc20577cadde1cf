"""Help, for experts, coordinators and strangers."""

from __future__ import annotations

import pytest

from tests.handlers.bolt_app import COORDINATOR, BoltApp


async def test_help_tells_everybody_what_they_can_do(bolt: BoltApp) -> None:
    mine, theirs = await bolt.send_command("U1", "help"), await bolt.send_command(COORDINATOR, "")
    assert "/label next" in mine
    assert "export" not in mine
    assert "/label export [CAMPAIGN]" in theirs


@pytest.mark.parametrize("text", ["nonsense", "nonsense next", "<@U1|ada>", "help nonsense"])
async def test_an_unknown_word_is_answered_with_the_known_ones(bolt: BoltApp, text: str) -> None:
    said = await bolt.send_command("U1", text)
    assert said.startswith("I do not know “")
    assert "<@" not in said
    assert "/label next" in said


async def test_a_mistyped_word_is_answered_with_the_nearest_alone(bolt: BoltApp) -> None:
    said = await bolt.send_command(COORDINATOR, "staus tone")
    assert "*/label status [CAMPAIGN]* tells what you did" in said
    assert "*/label help* tells every word" in said
    assert "/label export" not in said
    assert "perhaps you mean */label next*" in await bolt.send_command("U1", "nxet")
    assert "export" not in (await bolt.send_command("U1", "exprot tone")).partition("”")[2]
    assert "perhaps you mean */label export*" in await bolt.send_command(COORDINATOR, "exprot tone")
    assert "perhaps you mean */label export*" in await bolt.send_command(COORDINATOR, "help exprot")


async def test_of_one_word_help_tells_more_with_an_example(bolt: BoltApp) -> None:
    said = await bolt.send_command(COORDINATOR, "help Export")
    assert said.startswith("*/label export [CAMPAIGN]")
    assert "For example: `/label export jokes rating`" in said
    assert said.endswith("Only for coordinators.")
    assert "/label next" not in said
