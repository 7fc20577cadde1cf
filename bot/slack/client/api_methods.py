"""The methods of Slack's Web API that the bot calls."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.slack.client.stored_media import UPLOAD_METHOD

API_METHODS: dict[str, Callable[..., Awaitable[AsyncSlackResponse]]] = {
    "auth.test": AsyncWebClient.auth_test,
    "chat.delete": AsyncWebClient.chat_delete,
    "chat.postMessage": AsyncWebClient.chat_postMessage,
    "chat.update": AsyncWebClient.chat_update,
    "conversations.members": AsyncWebClient.conversations_members,
    "conversations.open": AsyncWebClient.conversations_open,
    "dnd.info": AsyncWebClient.dnd_info,
    "files.delete": AsyncWebClient.files_delete,
    "files.info": AsyncWebClient.files_info,
    "usergroups.list": AsyncWebClient.usergroups_list,
    "usergroups.users.list": AsyncWebClient.usergroups_users_list,
    "users.info": AsyncWebClient.users_info,
    "views.open": AsyncWebClient.views_open,
    "views.publish": AsyncWebClient.views_publish,
    "views.push": AsyncWebClient.views_push,
    "views.update": AsyncWebClient.views_update,
    UPLOAD_METHOD: AsyncWebClient.files_upload_v2,
}
"""Methods of the SDK, which sends each as JSON, a form or a query."""
