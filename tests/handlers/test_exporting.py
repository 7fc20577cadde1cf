"""Exports, typed for."""

from __future__ import annotations

import pytest

from tests.handlers.front import COORDINATOR, Front


async def test_only_coordinators_export(front: Front) -> None:
    front.line.campaign(front.line.expert())
    assert "Only coordinators" in await front.says("U1", "export tone")
    assert front.line.workshop.count("exportrun") == 0


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("export", "Say which campaign: `/label export CAMPAIGN`. The campaigns are tone."),
        ("export jokes", "“jokes”"),
        ("export tone sft", "sft"),
        ("export tone nonsense", "“nonsense”"),
    ],
)
async def test_what_cannot_be_exported_is_said_and_nothing_is_begun(
    front: Front, text: str, said: str
) -> None:
    front.line.campaign(front.line.expert())
    assert said in await front.says(COORDINATOR, text)
    assert front.line.workshop.count("exportrun") == 0


async def test_without_any_campaign_there_is_nothing_to_name(front: Front) -> None:
    assert "none yet" in await front.says(COORDINATOR, "export")
