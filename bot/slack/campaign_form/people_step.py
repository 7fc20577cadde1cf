"""The second step of the campaign form: the experts, and how many of them answer each item."""

from __future__ import annotations

from bot.services.campaigns.validation import (
    MAX_EXPERT_ANSWERS,
    MAX_OVERLAP,
    MAX_REPEAT_SHARE,
)
from bot.slack.blockkit.blocks import context
from bot.slack.blockkit.entries import number_within
from bot.slack.blockkit.inputs import (
    channel_input,
    number_input,
    select_input,
    text_input,
    users_input,
)
from bot.slack.blockkit.types import Block, InputBlock
from bot.slack.campaign_form.form import (
    MAX_TARGET_PERCENT,
    CampaignForm,
    compares_pairs,
    has_votes,
)
from bot.slack.campaign_form.shared_inputs import max_overlap_input, quota_inputs

MAX_REPEAT_PERCENT = round(100 * MAX_REPEAT_SHARE)
MIN_TARGET_PERCENT = 50
ITEM_ORDERS = [
    ("imported", "As imported"),
    ("informative", "Most informative pairs of models first"),
]


def main_blocks(form: CampaignForm) -> list[Block]:
    """Return the inputs that every campaign needs."""
    inputs, overlap_key = form.inputs, form.overlap_key
    return [
        context("All of these are added. Apps and deactivated people are skipped."),
        users_input("people", "People", chosen=inputs.texts("people"), optional=True),
        text_input(
            "user_group",
            "User group",
            value=inputs.text("user_group"),
            placeholder="@linguists",
            optional=True,
            max_length=80,
        ),
        channel_input(
            "member_channel",
            "Members of a channel",
            chosen=inputs.text("member_channel"),
            optional=True,
        ),
        number_input(
            overlap_key,
            "Answers per item",
            minimum=1,
            maximum=MAX_OVERLAP,
            value=number_within(inputs, overlap_key, 1, MAX_OVERLAP),
        ),
    ]


def more_blocks(form: CampaignForm) -> list[Block]:
    """Return the inputs that few campaigns need."""
    return [
        text_input(
            "domains",
            "Experts in these domains",
            value=form.inputs.text("domains"),
            placeholder="medicine, law",
            hint="Adds every expert who has one of these domains. Separate them with commas.",
            optional=True,
            max_length=200,
        ),
        *quota_inputs(
            number_within(form.inputs, "max_answers", 1, MAX_EXPERT_ANSWERS),
            number_within(form.inputs, "max_answers_per_day", 1, MAX_EXPERT_ANSWERS),
        ),
        *(_pair_blocks(form) if compares_pairs(form.kind) else ()),
        *(_adaptive_overlap_blocks(form) if has_votes(form.kind) else ()),
    ]


def _pair_blocks(form: CampaignForm) -> list[InputBlock]:
    return [
        number_input(
            "repeat_percent",
            "Repeated pairs (%)",
            minimum=0,
            maximum=MAX_REPEAT_PERCENT,
            value=number_within(form.inputs, "repeat_percent", 0, MAX_REPEAT_PERCENT),
            hint="The share that an expert gets again after days, with the sides exchanged.",
        ),
        select_input(
            "item_order",
            "Order of items",
            ITEM_ORDERS,
            chosen=form.inputs.text("item_order"),
            hint="Informative pairs separate the models with fewer votes.",
        ),
    ]


def _adaptive_overlap_blocks(form: CampaignForm) -> list[InputBlock]:
    return [
        max_overlap_input(number_within(form.inputs, "max_overlap", 2, MAX_OVERLAP)),
        number_input(
            "target_percent",
            "Target posterior (%)",
            minimum=MIN_TARGET_PERCENT,
            maximum=MAX_TARGET_PERCENT,
            value=number_within(
                form.inputs, "target_percent", MIN_TARGET_PERCENT, MAX_TARGET_PERCENT
            ),
            hint="With a maximum: how probable it must be that the answers are right.",
        ),
    ]
