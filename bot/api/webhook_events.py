"""The events of webhooks in the OpenAPI document: what a receiver gets."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from datetime import datetime
from typing import Any, Literal

from fastapi import FastAPI, Response
from pydantic import create_model

from bot.services.webhooks.event_data import DATA_CLASSES
from bot.webhooks.events import ENVELOPE_VERSION


def add_webhook_events(app: FastAPI) -> None:
    """Describe the request of every event."""
    for name, data in DATA_CLASSES.items():
        app.webhooks.post(
            name,
            name=name,
            description=inspect.getdoc(data) or "",
            response_class=Response,
            status_code=204,
            responses={
                204: {"description": "The receiver has stored the event."},
                "default": {"description": "The event is sent again for a day."},
            },
        )(_endpoint_for(name, data))


def _endpoint_for(name: str, data: type[Any]) -> Callable[..., None]:
    fields: dict[str, Any] = {
        "type": (Literal[name], ...),
        "timestamp": (datetime, ...),
        "version": (Literal[ENVELOPE_VERSION], ...),
        "data": (data, ...),
    }
    body = create_model(f"{data.__name__.removesuffix('Data')}Event", **fields)

    def receive(body: object) -> None:
        del body  # its type is set below, because it is made at run time

    receive.__annotations__ = {"body": body, "return": None}
    return receive
