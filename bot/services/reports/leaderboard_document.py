"""The leaderboard of a campaign as a JSON document, for exports and other programs.

It names models, which experts must not know, so it is never shown in Slack. It loads numpy, so only
the command line and the export process import it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict

import orjson
from sqlmodel import Session

from bot.quality.ranking.leaderboard import (
    RankedModel,
    StyleEffect,
    build_leaderboard,
    control_style,
    is_separable,
)
from bot.services.reports.answer_counts import count_models_of
from bot.services.reports.model_counter import ModelCounter
from bot.services.reports.model_ranks import can_rank_models
from storage.queries import votes
from storage.row_id import id_of
from storage.tables import Campaign

LEADERBOARD_FILE = "leaderboard.json"


def leaderboard_document(
    session: Session, campaign: Campaign, counted: ModelCounter | None = None
) -> dict[str, object] | None:
    """Return the leaderboard of a campaign; None if it does not compare known models.

    It is computed from all current answers and depends on nothing else.

    Args:
        session: reads the answers.
        campaign: the campaign.
        counted: the models in all current answers, if they are counted already.
    """
    if not can_rank_models(session, campaign):
        return None
    counter = counted or count_models_of(session, campaign)
    models, effects = control_style(build_leaderboard(counter.contests), counter.styles)
    groups = sorted({model.group for model in models if model.group is not None})
    return {
        "campaign": campaign.name,
        "kind": campaign.kind,
        "answers": votes.count_answers(session, id_of(campaign)),
        "groups": [_group_json(group, models, effects) for group in groups],
        "without_comparison": [model.name for model in models if model.group is None],
    }


def _group_json(
    group: int, models: Sequence[RankedModel], effects: Sequence[StyleEffect]
) -> Mapping[str, object]:
    return {
        "group": group,
        "separable": is_separable(models, group),
        "models": [asdict(model) for model in models if model.group == group],
        "style": [asdict(effect) for effect in effects if effect.group == group],
    }


def dump_leaderboard(document: Mapping[str, object]) -> bytes:
    """Return the document as JSON."""
    return orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
