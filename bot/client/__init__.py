"""The Python client of the HTTP API. It imports nothing else of labelbot, only httpx and pydantic.

```python
from bot.client import LabelbotClient

with LabelbotClient("http://127.0.0.1:8081", key) as labelbot:
    labelbot.push("tone", rows)
    labelbot.wait("tone")
    labels = labelbot.labels("tone")
```
"""

from __future__ import annotations

from bot.client.asynchronous import AsyncLabelbotClient
from bot.client.methods.items import ItemSearch
from bot.client.models.answers import AnswerBatch, AnswerInfo
from bot.client.models.campaigns import CampaignInfo, ProgressInfo
from bot.client.models.experts import ExpertInfo
from bot.client.models.exports import ExportInfo, FileInfo
from bot.client.models.items import ItemInfo, PushResult, RowNote
from bot.client.models.webhooks import SecretInfo, WebhookInfo
from bot.client.problems import (
    ApiProblemError,
    InterruptedDownloadError,
    RejectedRowsError,
    RequestFailedError,
    UnusableAddressError,
    UnusableKeyError,
    WaitTimeoutError,
)
from bot.client.pushes import PushOptions
from bot.client.synchronous import LabelbotClient

__all__ = [
    "AnswerBatch",
    "AnswerInfo",
    "ApiProblemError",
    "AsyncLabelbotClient",
    "CampaignInfo",
    "ExpertInfo",
    "ExportInfo",
    "FileInfo",
    "InterruptedDownloadError",
    "ItemInfo",
    "ItemSearch",
    "LabelbotClient",
    "ProgressInfo",
    "PushOptions",
    "PushResult",
    "RejectedRowsError",
    "RequestFailedError",
    "RowNote",
    "SecretInfo",
    "UnusableAddressError",
    "UnusableKeyError",
    "WaitTimeoutError",
    "WebhookInfo",
]
