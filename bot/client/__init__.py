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
from bot.client.models import (
    AnswerBatch,
    AnswerInfo,
    CampaignInfo,
    ExpertInfo,
    ExportInfo,
    FileInfo,
    ProgressInfo,
    PushResult,
    RejectedRow,
)
from bot.client.problems import (
    ApiProblemError,
    RequestFailedError,
    UnusableAddressError,
    UnusableKeyError,
    WaitTimeoutError,
)
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
    "LabelbotClient",
    "ProgressInfo",
    "PushResult",
    "RejectedRow",
    "RequestFailedError",
    "UnusableAddressError",
    "UnusableKeyError",
    "WaitTimeoutError",
]
