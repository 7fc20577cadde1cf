"""What Slack's error codes mean for delivery: who or what failed, and whether a retry can help."""

from __future__ import annotations

from enum import StrEnum


class ErrorKind(StrEnum):
    """What an error code says about a call."""

    APP = "the app itself; nothing can be sent until somebody fixes it"
    SCOPE = "a permission of the app; only what needs it has to wait"
    TRANSIENT = "Slack; the same call works later"
    MESSAGE = "this message; Slack will never accept it"
    RECIPIENT = "this person or conversation; nothing can be sent there"
    UNKNOWN = "unknown; a few retries, then the message fails"


ERROR_KINDS: dict[str, ErrorKind] = {
    # Errors that any method may return: https://docs.slack.dev/reference/methods/auth.test
    "access_denied": ErrorKind.RECIPIENT,
    "accesslimited": ErrorKind.APP,
    "account_inactive": ErrorKind.APP,
    "deprecated_endpoint": ErrorKind.MESSAGE,
    "ekm_access_denied": ErrorKind.APP,
    "enterprise_is_restricted": ErrorKind.APP,
    "fatal_error": ErrorKind.TRANSIENT,
    "internal_error": ErrorKind.TRANSIENT,
    "invalid_arg_name": ErrorKind.MESSAGE,
    "invalid_arguments": ErrorKind.MESSAGE,
    "invalid_array_arg": ErrorKind.MESSAGE,
    "invalid_auth": ErrorKind.APP,
    "invalid_charset": ErrorKind.MESSAGE,
    "invalid_form_data": ErrorKind.MESSAGE,
    "invalid_json": ErrorKind.MESSAGE,
    "invalid_post_type": ErrorKind.MESSAGE,
    "json_not_object": ErrorKind.MESSAGE,
    "method_deprecated": ErrorKind.MESSAGE,
    "missing_argument": ErrorKind.MESSAGE,
    "missing_post_type": ErrorKind.MESSAGE,
    "missing_scope": ErrorKind.SCOPE,
    "no_permission": ErrorKind.RECIPIENT,
    "not_allowed_token_type": ErrorKind.APP,
    "not_authed": ErrorKind.APP,
    "org_login_required": ErrorKind.APP,
    "ratelimited": ErrorKind.TRANSIENT,
    "request_timeout": ErrorKind.TRANSIENT,
    "service_unavailable": ErrorKind.TRANSIENT,
    "team_access_not_granted": ErrorKind.APP,
    "team_added_to_org": ErrorKind.APP,
    "token_expired": ErrorKind.APP,
    "token_revoked": ErrorKind.APP,
    "two_factor_setup_required": ErrorKind.APP,
    "unknown_method": ErrorKind.MESSAGE,
    # Messages: https://docs.slack.dev/reference/methods/chat.postMessage, …/chat.update
    "as_user_not_supported": ErrorKind.MESSAGE,
    "attachment_payload_limit_exceeded": ErrorKind.MESSAGE,
    "block_mismatch": ErrorKind.MESSAGE,
    "blocked_file_type": ErrorKind.MESSAGE,
    "cannot_reply_to_message": ErrorKind.MESSAGE,
    "cant_broadcast_message": ErrorKind.MESSAGE,
    "cant_delete_file": ErrorKind.MESSAGE,
    "cant_delete_message": ErrorKind.MESSAGE,
    "cant_update_message": ErrorKind.MESSAGE,
    "channel_not_found": ErrorKind.RECIPIENT,
    "delete_not_allowed": ErrorKind.MESSAGE,
    "draft_already_deleted": ErrorKind.MESSAGE,
    "draft_already_sent": ErrorKind.MESSAGE,
    "draft_has_conflict": ErrorKind.MESSAGE,
    "draft_not_found": ErrorKind.MESSAGE,
    "duplicate_channel_not_found": ErrorKind.MESSAGE,
    "duplicate_message_not_found": ErrorKind.MESSAGE,
    "edit_window_closed": ErrorKind.MESSAGE,
    "external_channel_migrating": ErrorKind.TRANSIENT,
    "file_deleted": ErrorKind.MESSAGE,
    "file_deleting_disabled": ErrorKind.MESSAGE,
    "file_is_deleted": ErrorKind.MESSAGE,
    "file_not_found": ErrorKind.MESSAGE,
    "file_share_limit_reached": ErrorKind.MESSAGE,
    "invalid_attachments": ErrorKind.MESSAGE,
    "invalid_blocks": ErrorKind.MESSAGE,
    "invalid_blocks_format": ErrorKind.MESSAGE,
    "invalid_metadata_format": ErrorKind.MESSAGE,
    "invalid_metadata_schema": ErrorKind.MESSAGE,
    "is_archived": ErrorKind.RECIPIENT,
    "is_inactive": ErrorKind.MESSAGE,
    "markdown_text_conflict": ErrorKind.MESSAGE,
    "max_file_sharing_exceeded": ErrorKind.MESSAGE,
    "message_limit_exceeded": ErrorKind.MESSAGE,
    "message_not_found": ErrorKind.MESSAGE,
    "messages_tab_disabled": ErrorKind.RECIPIENT,
    "metadata_must_be_sent_from_app": ErrorKind.MESSAGE,
    "metadata_too_large": ErrorKind.MESSAGE,
    "missing_file_data": ErrorKind.MESSAGE,
    "msg_blocks_too_long": ErrorKind.MESSAGE,
    "msg_too_long": ErrorKind.MESSAGE,
    "no_dual_broadcast_content_update": ErrorKind.MESSAGE,
    "no_text": ErrorKind.MESSAGE,
    "not_in_channel": ErrorKind.RECIPIENT,
    "only_one_table_allowed": ErrorKind.MESSAGE,
    "rate_limited": ErrorKind.TRANSIENT,
    "restricted_action": ErrorKind.RECIPIENT,
    "restricted_action_non_threadable_channel": ErrorKind.RECIPIENT,
    "restricted_action_read_only_channel": ErrorKind.RECIPIENT,
    "restricted_action_thread_locked": ErrorKind.MESSAGE,
    "restricted_action_thread_only_channel": ErrorKind.RECIPIENT,
    "slack_connect_blocked_file_type": ErrorKind.MESSAGE,
    "slack_connect_canvas_sharing_blocked": ErrorKind.MESSAGE,
    "slack_connect_clip_sharing_blocked": ErrorKind.MESSAGE,
    "slack_connect_file_link_sharing_blocked": ErrorKind.MESSAGE,
    "slack_connect_file_upload_sharing_blocked": ErrorKind.MESSAGE,
    "slack_connect_lists_sharing_blocked": ErrorKind.MESSAGE,
    "streaming_state_conflict": ErrorKind.TRANSIENT,
    "team_not_found": ErrorKind.RECIPIENT,
    "too_many_attachments": ErrorKind.MESSAGE,
    "too_many_contact_cards": ErrorKind.MESSAGE,
    "unable_to_share_files": ErrorKind.MESSAGE,
    "update_failed": ErrorKind.TRANSIENT,
    # People and conversations: …/conversations.open, …/conversations.members, …/users.info,
    # …/dnd.info, …/usergroups.list, …/usergroups.users.list
    "cannot_dm_bot": ErrorKind.RECIPIENT,
    "fetch_members_failed": ErrorKind.TRANSIENT,
    "invalid_channel": ErrorKind.RECIPIENT,
    "invalid_cursor": ErrorKind.MESSAGE,
    "invalid_limit": ErrorKind.MESSAGE,
    "invalid_team": ErrorKind.MESSAGE,
    "invalid_user_combination": ErrorKind.RECIPIENT,
    "method_not_supported_for_channel_type": ErrorKind.RECIPIENT,
    "no_such_subteam": ErrorKind.RECIPIENT,
    "not_enough_users": ErrorKind.RECIPIENT,
    "plan_upgrade_required": ErrorKind.MESSAGE,
    "too_many_users": ErrorKind.MESSAGE,
    "user_disabled": ErrorKind.RECIPIENT,
    "user_not_found": ErrorKind.RECIPIENT,
    "user_not_visible": ErrorKind.RECIPIENT,
    "users_list_not_supplied": ErrorKind.MESSAGE,
    "users_not_found": ErrorKind.RECIPIENT,
    # Files: …/files.getUploadURLExternal, …/files.completeUploadExternal
    "alt_txt_too_large": ErrorKind.MESSAGE,
    "channels_limit_exceeded": ErrorKind.MESSAGE,
    "file_type_not_allowed": ErrorKind.MESSAGE,
    "file_update_failed": ErrorKind.TRANSIENT,
    "file_upload_size_restricted": ErrorKind.MESSAGE,
    "file_uploads_disabled": ErrorKind.MESSAGE,
    "file_uploads_except_images_disabled": ErrorKind.MESSAGE,
    "posting_to_channel_denied": ErrorKind.RECIPIENT,
    "snippet_too_large": ErrorKind.MESSAGE,
    "storage_limit_reached": ErrorKind.MESSAGE,
    "unknown_snippet_type": ErrorKind.MESSAGE,
    "unknown_subtype": ErrorKind.MESSAGE,
    # Views: …/views.publish
    "duplicate_external_id": ErrorKind.MESSAGE,
    "hash_conflict": ErrorKind.TRANSIENT,
    "missing_profile_id": ErrorKind.MESSAGE,
    "not_enabled": ErrorKind.MESSAGE,
    "not_implemented": ErrorKind.MESSAGE,
    "view_too_large": ErrorKind.MESSAGE,
}
"""The kind of each error code of the methods that the bot calls, with the page it is from."""

MESSAGE_GONE_ERRORS = {
    "message_not_found",
    "cant_update_message",
    "edit_window_closed",
    "is_inactive",
}
"""Error codes for a message that can no longer be changed."""

PERMANENT_KINDS = (ErrorKind.MESSAGE, ErrorKind.RECIPIENT)
"""Kinds of errors that a retry does not change."""


def codes_of_kind(kind: ErrorKind) -> frozenset[str]:
    """Return the error codes of a kind."""
    return frozenset(code for code, its_kind in ERROR_KINDS.items() if its_kind == kind)


def kind_of_code(code: str) -> ErrorKind:
    """Return what an error code says; "" means that Slack gave none.

    Unknown codes that begin with `invalid_` are about the arguments of the call.
    """
    if code.startswith("invalid_"):
        return ERROR_KINDS.get(code, ErrorKind.MESSAGE)
    return ERROR_KINDS.get(code, ErrorKind.UNKNOWN if code else ErrorKind.TRANSIENT)
