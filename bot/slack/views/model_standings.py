"""Where the models of a campaign stand, for coordinators; letters take the place of names."""

from __future__ import annotations

from collections.abc import Sequence
from string import ascii_uppercase

from bot.services.reports.model_standing import ModelStanding
from bot.slack.blockkit.blocks import context
from bot.slack.blockkit.rich_text import plain_rich_text
from bot.slack.blockkit.types import Block
from bot.slack.views.campaigns_overview import hidden_count_blocks

MAX_MODELS = 10


def model_blocks(campaign: str, models: Sequence[ModelStanding]) -> list[Block]:
    """Return the models from the strongest on, with the ranks that the answers allow."""
    if not models:
        return []
    has_groups = models[-1].group > 1
    lines = [
        f"{letter}: {format_standing(model, has_groups=has_groups)}"
        for letter, model in zip(ascii_uppercase, models[:MAX_MODELS], strict=False)
    ]
    return [
        plain_rich_text("\n".join(["Models, the strongest first", *lines])),
        *hidden_count_blocks(len(models) - MAX_MODELS, "model"),
        context(
            f"{_format_separability(models)}Comparisons are blind, so there are letters in place "
            f"of names. “labelbot report {campaign}” has the names, in the same order."
        ),
    ]


def format_standing(model: ModelStanding, *, has_groups: bool) -> str:
    """Return the possible ranks and the strength of a model."""
    group = f" of group {model.group}" if has_groups else ""
    if model.rank_low is None or model.low is None or model.high is None:
        return f"strength {model.strength:.2f}{group}, too few items for an interval"
    ranks = (
        f"rank {model.rank_low}"
        if model.rank_low == model.rank_high
        else f"rank {model.rank_low} to {model.rank_high}"
    )
    return f"{ranks}{group}, strength {model.strength:.2f} ({model.low:.2f} to {model.high:.2f})"


def _format_separability(models: Sequence[ModelStanding]) -> str:
    groups = sorted({model.group for model in models})
    separable = {m.group for m in models if m.rank_low is not None and m.rank_low > 1}
    unclear = [group for group in groups if group not in separable]
    if not unclear:
        return ""
    which = "" if len(groups) == 1 else f" in group {', '.join(map(str, unclear))}"
    return f"Not separable yet{which}: each model can still be the best. "
