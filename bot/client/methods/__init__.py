"""The methods of both clients, by subject. Each returns the request that it sends."""

from __future__ import annotations

from bot.client.methods.answers import AnswerMethods
from bot.client.methods.campaigns import CampaignMethods
from bot.client.methods.corrections import CorrectionMethods
from bot.client.methods.experts import ExpertMethods
from bot.client.methods.exports import ExportMethods
from bot.client.methods.items import ItemMethods
from bot.client.methods.reviews import ReviewMethods
from bot.client.methods.webhooks import WebhookMethods
from bot.client.methods.workspace import WorkspaceMethods


class ApiMethods(
    CampaignMethods,
    ItemMethods,
    AnswerMethods,
    ExpertMethods,
    ExportMethods,
    ReviewMethods,
    CorrectionMethods,
    WebhookMethods,
    WorkspaceMethods,
):
    """One method for each request that needs no more than its result."""
