"""Schemas of rich text: sections, lists, quotes and code, and their inline elements.

Slack documents no length limits here. It accepts empty `elements`, except in a list.
"""

from __future__ import annotations

from .composition import ANY_URL, BLOCK_ID
from .schema import (
    BooleanSchema,
    EnumSchema,
    IntegerSchema,
    ListSchema,
    ObjectSchema,
    OneOfSchema,
    StringSchema,
)

USER_ID = StringSchema(pattern=r"[UW][A-Z0-9]+")
CHANNEL_ID = StringSchema(pattern=r"[CG][A-Z0-9]+")
TIMESTAMP = StringSchema(pattern=r"[0-9]+(\.[0-9]+)?")
URL = StringSchema(pattern=ANY_URL)

STYLE = ObjectSchema(
    optional={
        "bold": BooleanSchema(),
        "italic": BooleanSchema(),
        "strike": BooleanSchema(),
        "underline": BooleanSchema(),
        "code": BooleanSchema(),
        "highlight": BooleanSchema(),
        "client_highlight": BooleanSchema(),
        "unlink": BooleanSchema(),
    },
    min_properties=1,
)

# Slack does not document an empty `text`; rejecting it costs an app nothing.
TEXT = ObjectSchema({"text": StringSchema()}, {"style": STYLE})
LINK = ObjectSchema(
    {"url": URL}, {"text": StringSchema(), "unsafe": BooleanSchema(), "style": STYLE}
)

CLASSIC_ELEMENTS: dict[str, ObjectSchema] = {
    "text": TEXT,
    "link": LINK,
    "user": ObjectSchema({"user_id": USER_ID}, {"style": STYLE}),
    "usergroup": ObjectSchema(
        {"usergroup_id": StringSchema(pattern=r"S[A-Z0-9]+")}, {"style": STYLE}
    ),
    "channel": ObjectSchema({"channel_id": CHANNEL_ID}, {"style": STYLE}),
    "team": ObjectSchema({"team_id": StringSchema(pattern=r"T[A-Z0-9]+")}, {"style": STYLE}),
    "broadcast": ObjectSchema(
        {"range": EnumSchema("here", "channel", "everyone")}, {"style": STYLE}
    ),
    "emoji": ObjectSchema(
        {"name": StringSchema()},
        {"skin_tone": IntegerSchema(1, 6), "unicode": StringSchema(), "style": STYLE},
    ),
    "date": ObjectSchema(
        {"timestamp": IntegerSchema(0), "format": StringSchema()},
        {"url": URL, "fallback": StringSchema(), "style": STYLE},
    ),
    "color": ObjectSchema({"value": StringSchema(pattern=r"#?[0-9a-fA-F]{6}")}, {"style": STYLE}),
}

CITATION_DETAILS = OneOfSchema(
    {
        "file": ObjectSchema(optional={"descriptor": StringSchema(), "file_id": StringSchema()}),
        "external": ObjectSchema(optional={"app_name": StringSchema(), "app_icon_url": URL}),
        "web": ObjectSchema(
            optional={
                "display_name": StringSchema(),
                "title": StringSchema(),
                "snippet": StringSchema(),
            }
        ),
    },
    key="citation_type",
)

# New in 2026, with the fields on Slack's documentation pages. The element `tag` and the citations
# of messages and memories are rejected, because no documentation of their fields was found.
NEW_ELEMENTS: dict[str, ObjectSchema] = {
    "attachment_mention": ObjectSchema(
        {"url": URL},
        {
            "text": StringSchema(),
            "app_id": StringSchema(),
            "entity_id": StringSchema(),
            "icon_url": URL,
            "channel_id": CHANNEL_ID,
            "ts": TIMESTAMP,
            "full_size_preview_enabled": BooleanSchema(),
            "icon_name": StringSchema(),
            "reference_object_type": StringSchema(),
        },
    ),
    "canvas": ObjectSchema(
        {"file_id": StringSchema()},
        {
            "label": StringSchema(),
            "hide_title": BooleanSchema(),
            "section_id": StringSchema(),
            "style": STYLE,
            "text": StringSchema(),
            "url": URL,
            "is_skill_invocation": BooleanSchema(),
        },
    ),
    "canvas_message_unfurl": ObjectSchema(
        {"root_message_ts": TIMESTAMP, "root_message_channel": CHANNEL_ID}, {"style": STYLE}
    ),
    "canvas_user_mention": ObjectSchema(
        {"user_id": USER_ID}, {"thread_id": StringSchema(), "style": STYLE}
    ),
    "citation": ObjectSchema(
        {
            "url": URL,
            "text": StringSchema(),
            "index": IntegerSchema(0),
            "details": CITATION_DETAILS,
        },
        {"from_llm": BooleanSchema(), "is_slack_url": BooleanSchema()},
    ),
    "file": ObjectSchema(
        {"file_id": StringSchema()},
        {
            "style": STYLE,
            "text": StringSchema(),
            "url": URL,
            "is_skill_invocation": BooleanSchema(),
        },
    ),
    "list_record": ObjectSchema(
        {"file_id": StringSchema()},
        {
            "record_id": StringSchema(),
            "view_id": StringSchema(),
            "style": STYLE,
            "text": StringSchema(),
            "url": URL,
        },
    ),
    "message_mention": ObjectSchema(
        {"channel_id": CHANNEL_ID, "message_ts": TIMESTAMP},
        {
            "author_id": USER_ID,
            "thread_ts": TIMESTAMP,
            "style": STYLE,
            "text": StringSchema(),
            "url": URL,
        },
    ),
    "salesforce_data_field": ObjectSchema(
        {"salesforce_record_id": StringSchema()},
        {
            "salesforce_field_label": StringSchema(),
            "salesforce_field_api_name": StringSchema(),
            "salesforce_include_field_label": BooleanSchema(),
            "style": STYLE,
        },
    ),
    "work_object_mention": ObjectSchema(
        {"entity_id": StringSchema(), "app_id": StringSchema(), "text": StringSchema(), "url": URL},
        {
            "icon_url": URL,
            "full_size_preview_enabled": BooleanSchema(),
            "product_name": StringSchema(),
            "style": STYLE,
        },
    ),
    "workflow_mention": ObjectSchema(
        {
            "workflow_id": StringSchema(),
            "function_trigger_id": StringSchema(),
            "text": StringSchema(),
        },
        {"url": URL, "channel_id": CHANNEL_ID, "ts": TIMESTAMP, "style": STYLE},
    ),
}

INLINE_ELEMENTS = ListSchema(OneOfSchema(CLASSIC_ELEMENTS | NEW_ELEMENTS), min_items=0)
BORDER = EnumSchema(0, 1)
SECTION = ObjectSchema({"elements": INLINE_ELEMENTS})

CONTAINERS: dict[str, ObjectSchema] = {
    "rich_text_section": SECTION,
    "rich_text_list": ObjectSchema(
        {
            "style": EnumSchema("bullet", "ordered"),
            "elements": ListSchema(OneOfSchema({"rich_text_section": SECTION})),
        },
        {"indent": IntegerSchema(0, 8), "offset": IntegerSchema(0), "border": BORDER},
    ),
    # Slack's type definitions allow text and links in code; its pages exclude the new elements.
    "rich_text_preformatted": ObjectSchema(
        {"elements": ListSchema(OneOfSchema({"text": TEXT, "link": LINK}), min_items=0)},
        {"border": BORDER, "language": StringSchema()},
    ),
    "rich_text_quote": ObjectSchema({"elements": INLINE_ELEMENTS}, {"border": BORDER}),
}

ELEMENTS = ListSchema(OneOfSchema(CONTAINERS), min_items=0)

RICH_TEXT = ObjectSchema({"elements": ELEMENTS}, {"block_id": BLOCK_ID})

RICH_TEXT_BLOCK = OneOfSchema({"rich_text": RICH_TEXT})
