"""Error codes of Slack's Web API, from the pages of its methods, and what they are about."""

from __future__ import annotations

AUTH_CODES = ("account_inactive", "invalid_auth", "not_authed", "token_revoked")
"""Slack refuses the token: a failure of the app, not of a recipient."""

APP_CODES = (*AUTH_CODES, "missing_scope")
"""Failures of the app itself. Everything stays queued and is sent when the cause is gone."""

TEMPORARY_CODES = (
    *("accesslimited", "fatal_error", "internal_error", "ratelimited", "request_timeout"),
    *("service_unavailable", "team_added_to_org"),
)
"""Failures that pass: everything is sent when Slack answers again."""

OTHER_COMMON_CODES = (
    *("access_denied", "deprecated_endpoint", "ekm_access_denied", "enterprise_is_restricted"),
    *("invalid_arg_name", "invalid_arguments", "invalid_array_arg", "invalid_charset"),
    *("invalid_form_data", "invalid_post_type", "method_deprecated", "missing_post_type"),
    *("no_permission", "not_allowed_token_type", "org_login_required", "team_access_not_granted"),
    *("token_expired", "two_factor_setup_required", "unknown_method"),
)
"""Codes that any method may return, besides the ones above."""

METHOD_CODES: dict[str, str] = {
    "apps.connections.open": "forbidden_team insecure_request missing_args",
    "auth.test": "",
    "chat.postMessage": (
        "as_user_not_supported attachment_payload_limit_exceeded cannot_reply_to_message "
        "channel_not_found draft_already_deleted draft_already_sent draft_has_conflict "
        "draft_not_found duplicate_channel_not_found duplicate_message_not_found invalid_blocks "
        "invalid_blocks_format invalid_metadata_format invalid_metadata_schema is_archived "
        "markdown_text_conflict message_limit_exceeded messages_tab_disabled "
        "metadata_must_be_sent_from_app metadata_too_large missing_file_data msg_blocks_too_long "
        "no_text not_in_channel rate_limited restricted_action "
        "restricted_action_non_threadable_channel restricted_action_read_only_channel "
        "restricted_action_thread_locked restricted_action_thread_only_channel "
        "slack_connect_canvas_sharing_blocked slack_connect_file_link_sharing_blocked "
        "slack_connect_lists_sharing_blocked team_not_found too_many_attachments "
        "too_many_contact_cards"
    ),
    "chat.delete": "cant_delete_message channel_not_found message_not_found",
    "chat.update": (
        "as_user_not_supported block_mismatch blocked_file_type cant_broadcast_message "
        "cant_update_message channel_not_found edit_window_closed external_channel_migrating "
        "file_deleted file_is_deleted file_not_found file_share_limit_reached invalid_attachments "
        "invalid_blocks invalid_blocks_format invalid_metadata_format invalid_metadata_schema "
        "is_inactive markdown_text_conflict max_file_sharing_exceeded message_limit_exceeded "
        "message_not_found metadata_must_be_sent_from_app metadata_too_large msg_too_long "
        "no_dual_broadcast_content_update no_text posting_to_channel_denied "
        "slack_connect_blocked_file_type slack_connect_canvas_sharing_blocked "
        "slack_connect_clip_sharing_blocked slack_connect_file_link_sharing_blocked "
        "slack_connect_file_upload_sharing_blocked streaming_state_conflict team_not_found "
        "too_many_attachments unable_to_share_files update_failed"
    ),
    "conversations.members": (
        "channel_not_found fetch_members_failed invalid_cursor invalid_limit "
        "method_not_supported_for_channel_type"
    ),
    "conversations.open": (
        "channel_not_found invalid_user_combination method_not_supported_for_channel_type "
        "not_enough_users too_many_users user_disabled user_not_found user_not_visible "
        "users_list_not_supplied"
    ),
    "dnd.info": "user_not_found user_not_visible",
    "files.completeUploadExternal": (
        "channel_not_found channels_limit_exceeded file_not_found file_type_not_allowed "
        "file_update_failed file_uploads_except_images_disabled invalid_blocks invalid_channel "
        "not_in_channel posting_to_channel_denied"
    ),
    "files.getUploadURLExternal": (
        "alt_txt_too_large file_type_not_allowed file_upload_size_restricted "
        "file_uploads_disabled file_uploads_except_images_disabled missing_argument "
        "snippet_too_large storage_limit_reached unknown_snippet_type unknown_subtype"
    ),
    "files.delete": (
        "cant_delete_file delete_not_allowed file_deleted file_deleting_disabled file_not_found"
    ),
    "files.info": "file_deleted file_not_found not_visible",
    "usergroups.list": (
        "invalid_cursor invalid_team missing_argument plan_upgrade_required users_not_found"
    ),
    "usergroups.users.list": "invalid_cursor no_such_subteam plan_upgrade_required",
    "users.info": "too_many_users user_not_found user_not_visible",
    "views.open": (
        "duplicate_external_id exchanged_trigger_id expired_trigger_id invalid_trigger_id "
        "view_too_large"
    ),
    "views.publish": (
        "duplicate_external_id hash_conflict missing_profile_id not_enabled not_implemented "
        "view_too_large"
    ),
    "views.push": (
        "duplicate_external_id exchanged_trigger_id expired_trigger_id invalid_trigger_id "
        "not_found push_limit_reached view_too_large"
    ),
    "views.update": "duplicate_external_id hash_conflict not_found view_too_large",
}
"""The codes of each method that the running bot calls, besides those of any method."""


def codes_of(method: str) -> list[str]:
    """Return every error code that a method may return."""
    own_codes = METHOD_CODES[method].split()
    return [*APP_CODES, *TEMPORARY_CODES, *OTHER_COMMON_CODES, *own_codes]


def must_be_repeated(code: str) -> bool:
    """Tell whether everything that was refused with this code must be sent later."""
    return code in (*APP_CODES, *TEMPORARY_CODES, "rate_limited")
