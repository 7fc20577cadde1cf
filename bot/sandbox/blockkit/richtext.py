"""Rich text: blocks of sections, lists, quotes and code, and the leaves they are made of.

Slack documents no length for any of it, and accepts empty `elements`, but not an empty list.
"""

from __future__ import annotations

from bot.sandbox.blockkit.composition import ANY_URL, BLOCK_ID
from bot.sandbox.blockkit.schema import Choice, Flag, ListOf, Obj, OneOf, Text, Whole

USER_ID = Text(pattern=r"[UW][A-Z0-9]+")
CHANNEL_ID = Text(pattern=r"[CG][A-Z0-9]+")
TIMESTAMP = Text(pattern=r"[0-9]+(\.[0-9]+)?")
URL = Text(pattern=ANY_URL)

STYLE = Obj(
    optional={
        "bold": Flag(),
        "italic": Flag(),
        "strike": Flag(),
        "underline": Flag(),
        "code": Flag(),
        "highlight": Flag(),
        "client_highlight": Flag(),
        "unlink": Flag(),
    },
    least=1,
)

# Slack is silent on an empty `text`; refusing it costs a bot nothing.
TEXT = Obj({"text": Text()}, {"style": STYLE})
LINK = Obj({"url": URL}, {"text": Text(), "unsafe": Flag(), "style": STYLE})

CLASSIC_LEAVES: dict[str, Obj] = {
    "text": TEXT,
    "link": LINK,
    "user": Obj({"user_id": USER_ID}, {"style": STYLE}),
    "usergroup": Obj({"usergroup_id": Text(pattern=r"S[A-Z0-9]+")}, {"style": STYLE}),
    "channel": Obj({"channel_id": CHANNEL_ID}, {"style": STYLE}),
    "team": Obj({"team_id": Text(pattern=r"T[A-Z0-9]+")}, {"style": STYLE}),
    "broadcast": Obj({"range": Choice("here", "channel", "everyone")}, {"style": STYLE}),
    "emoji": Obj({"name": Text()}, {"skin_tone": Whole(1, 6), "unicode": Text(), "style": STYLE}),
    "date": Obj(
        {"timestamp": Whole(0), "format": Text()},
        {"url": URL, "fallback": Text(), "style": STYLE},
    ),
    "color": Obj({"value": Text(pattern=r"#?[0-9a-fA-F]{6}")}, {"style": STYLE}),
}

CITED = OneOf(
    {
        "file": Obj(optional={"descriptor": Text(), "file_id": Text()}),
        "external": Obj(optional={"app_name": Text(), "app_icon_url": URL}),
        "web": Obj(optional={"display_name": Text(), "title": Text(), "snippet": Text()}),
    },
    key="citation_type",
)

# New in 2026. Their fields are those on Slack's pages; the leaf `tag` and the citations of
# messages and memories are left out, since their fields could not be found: they are refused.
NEW_LEAVES: dict[str, Obj] = {
    "attachment_mention": Obj(
        {"url": URL},
        {
            "text": Text(),
            "app_id": Text(),
            "entity_id": Text(),
            "icon_url": URL,
            "channel_id": CHANNEL_ID,
            "ts": TIMESTAMP,
            "full_size_preview_enabled": Flag(),
            "icon_name": Text(),
            "reference_object_type": Text(),
        },
    ),
    "canvas": Obj(
        {"file_id": Text()},
        {
            "label": Text(),
            "hide_title": Flag(),
            "section_id": Text(),
            "style": STYLE,
            "text": Text(),
            "url": URL,
            "is_skill_invocation": Flag(),
        },
    ),
    "canvas_message_unfurl": Obj(
        {"root_message_ts": TIMESTAMP, "root_message_channel": CHANNEL_ID}, {"style": STYLE}
    ),
    "canvas_user_mention": Obj({"user_id": USER_ID}, {"thread_id": Text(), "style": STYLE}),
    "citation": Obj(
        {"url": URL, "text": Text(), "index": Whole(0), "details": CITED},
        {"from_llm": Flag(), "is_slack_url": Flag()},
    ),
    "file": Obj(
        {"file_id": Text()},
        {"style": STYLE, "text": Text(), "url": URL, "is_skill_invocation": Flag()},
    ),
    "list_record": Obj(
        {"file_id": Text()},
        {"record_id": Text(), "view_id": Text(), "style": STYLE, "text": Text(), "url": URL},
    ),
    "message_mention": Obj(
        {"channel_id": CHANNEL_ID, "message_ts": TIMESTAMP},
        {
            "author_id": USER_ID,
            "thread_ts": TIMESTAMP,
            "style": STYLE,
            "text": Text(),
            "url": URL,
        },
    ),
    "salesforce_data_field": Obj(
        {"salesforce_record_id": Text()},
        {
            "salesforce_field_label": Text(),
            "salesforce_field_api_name": Text(),
            "salesforce_include_field_label": Flag(),
            "style": STYLE,
        },
    ),
    "work_object_mention": Obj(
        {"entity_id": Text(), "app_id": Text(), "text": Text(), "url": URL},
        {
            "icon_url": URL,
            "full_size_preview_enabled": Flag(),
            "product_name": Text(),
            "style": STYLE,
        },
    ),
    "workflow_mention": Obj(
        {"workflow_id": Text(), "function_trigger_id": Text(), "text": Text()},
        {"url": URL, "channel_id": CHANNEL_ID, "ts": TIMESTAMP, "style": STYLE},
    ),
}

LEAVES = ListOf(OneOf(CLASSIC_LEAVES | NEW_LEAVES), least=0)
BORDER = Choice(0, 1)
SECTION = Obj({"elements": LEAVES})

CONTAINERS: dict[str, Obj] = {
    "rich_text_section": SECTION,
    "rich_text_list": Obj(
        {
            "style": Choice("bullet", "ordered"),
            "elements": ListOf(OneOf({"rich_text_section": SECTION})),
        },
        {"indent": Whole(0, 8), "offset": Whole(0), "border": BORDER},
    ),
    # Slack's types for code admit text and links, and its pages keep the new leaves out of it.
    "rich_text_preformatted": Obj(
        {"elements": ListOf(OneOf({"text": TEXT, "link": LINK}), least=0)},
        {"border": BORDER, "language": Text()},
    ),
    "rich_text_quote": Obj({"elements": LEAVES}, {"border": BORDER}),
}

ELEMENTS = ListOf(OneOf(CONTAINERS), least=0)

RICH_TEXT = Obj({"elements": ELEMENTS}, {"block_id": BLOCK_ID})

RICH_TEXT_BLOCK = OneOf({"rich_text": RICH_TEXT})
