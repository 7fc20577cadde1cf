"""Quality alerts as coordinators see them, with buttons to pause or resume the expert."""

from __future__ import annotations

from bot.slack.blockkit.blocks import actions, button, context
from bot.slack.blockkit.message import Message
from bot.slack.blockkit.rich_text import plain_rich_text
from bot.slack.blockkit.text import escape_mrkdwn
from bot.slack.parsing.action_ids import Action
from storage.queries.quality_alerts import AlertRow
from storage.row_id import id_of

ADVICE = (
    "Figures can be wrong about a person: talk to them before you decide. The pattern is reported "
    "only once."
)
PAUSED_NOTE = "Paused: no more tasks until you resume them. The answers so far still count."


def render_quality_alert(row: AlertRow) -> Message:
    """Render an alert, with the buttons for what a coordinator can do now."""
    name = row.expert.name or row.expert.pseudonym
    text = f"“{row.campaign.title}”: {name} {row.alert.text}."
    alert_id = id_of(row.alert)
    pause, resume = Action("pause_expert", alert_id), Action("resume_expert", alert_id)
    exclude = Action("exclude", row.alert.campaign_id, "", str(alert_id))
    status = Action("status", row.alert.campaign_id)
    is_member = row.membership.left_at is None
    elements = [
        *([button("Pause expert", pause.action_id, pause.value)] * is_member),
        *(
            [button("Resume expert", resume.action_id, resume.value, style="primary")]
            * row.is_paused
        ),
        button("Exclude answers…", exclude.action_id, exclude.value),
        button("Show status", status.action_id, status.value),
    ]
    return Message(
        escape_mrkdwn(text),
        [
            plain_rich_text(text),
            context(PAUSED_NOTE if row.is_paused else ADVICE),
            actions(f"quality_alert:{alert_id}", *elements),
        ],
    )
