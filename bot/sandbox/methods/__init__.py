"""Registry of the Web API methods that the sandbox implements."""

from __future__ import annotations

from collections.abc import Mapping

from ..web_api import Method
from . import (
    auth,
    blocks,
    chat,
    conversations,
    files,
    oauth,
    reactions,
    scheduled_messages,
    users,
    views,
)

READ_SCOPES = ("channels:read", "groups:read", "im:read", "mpim:read")
HISTORY_SCOPES = ("channels:history", "groups:history", "im:history", "mpim:history")
OPEN_SCOPES = ("im:write", "mpim:write", "channels:manage", "groups:write")

METHODS: Mapping[str, Method] = {
    "api.test": Method(auth.api_test, tier=4, credential=None),
    "apps.connections.open": Method(
        auth.open_connection, ("connections:write",), 3, credential="app", post_only=True
    ),
    "auth.test": Method(auth.auth_test),
    "blocks.validate": Method(blocks.validate, credential=None),
    "chat.delete": Method(chat.delete, ("chat:write",), 3, ("channel", "ts")),
    "chat.getPermalink": Method(chat.get_permalink, required=("channel", "message_ts")),
    "chat.postEphemeral": Method(chat.post_ephemeral, ("chat:write",), 4, ("channel", "user")),
    "chat.postMessage": Method(chat.post_message, ("chat:write",), required=("channel",)),
    "chat.deleteScheduledMessage": Method(
        scheduled_messages.delete_scheduled, ("chat:write",), 3, ("channel", "scheduled_message_id")
    ),
    "chat.scheduleMessage": Method(
        scheduled_messages.schedule_message, ("chat:write",), 3, ("channel", "post_at")
    ),
    "chat.scheduledMessages.list": Method(scheduled_messages.list_scheduled, (), 3),
    "chat.update": Method(chat.update, ("chat:write",), 3, ("channel", "ts")),
    "conversations.history": Method(conversations.history, HISTORY_SCOPES, 3, ("channel",)),
    "conversations.info": Method(conversations.info, READ_SCOPES, 3, ("channel",)),
    "conversations.join": Method(conversations.join, ("channels:join",), 3, ("channel",)),
    "conversations.list": Method(conversations.list_conversations, READ_SCOPES, 2),
    "conversations.members": Method(conversations.members, READ_SCOPES, 4, ("channel",)),
    "conversations.open": Method(conversations.open_conversation, OPEN_SCOPES, 3),
    "conversations.replies": Method(conversations.replies, HISTORY_SCOPES, 3, ("channel", "ts")),
    "dnd.info": Method(users.dnd_info, ("dnd:read",), 3),
    "dnd.teamInfo": Method(users.dnd_team_info, ("dnd:read",), 2),
    "files.completeUploadExternal": Method(files.complete_upload, ("files:write",), 4, ("files",)),
    "files.getUploadURLExternal": Method(
        files.get_upload_url, ("files:write",), 4, ("filename", "length")
    ),
    "files.delete": Method(files.delete, ("files:write",), 3, ("file",)),
    "files.info": Method(files.info, ("files:read",), 4, ("file",)),
    "oauth.v2.access": Method(oauth.access, credential=None),
    "reactions.add": Method(
        reactions.add, ("reactions:write",), 3, ("channel", "timestamp", "name")
    ),
    "reactions.remove": Method(reactions.remove, ("reactions:write",), 2, ("name",)),
    "team.info": Method(auth.team_info, ("team:read",), 3),
    "usergroups.list": Method(users.list_usergroups, ("usergroups:read",), 2),
    "usergroups.users.list": Method(users.usergroup_users, ("usergroups:read",), 2, ("usergroup",)),
    "users.info": Method(users.info, ("users:read",), 4, ("user",)),
    "users.list": Method(users.list_users, ("users:read",), 2),
    "users.lookupByEmail": Method(users.lookup_by_email, (users.EMAIL_SCOPE,), 3, ("email",)),
    "users.profile.get": Method(users.get_profile, ("users.profile:read",), 4),
    "views.open": Method(views.open_view, (), 4, ("view",)),
    "views.publish": Method(views.publish, (), 4, ("user_id", "view")),
    "views.push": Method(views.push, (), 4, ("view",)),
    "views.update": Method(views.update, (), 4, ("view",)),
}
