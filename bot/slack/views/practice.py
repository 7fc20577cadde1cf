"""Feedback on practice questions, and the message about an expert who failed the practice."""

from __future__ import annotations

from bot.services.answers.practice import PracticeFeedback
from bot.slack.blockkit.blocks import actions, button
from bot.slack.blockkit.message import Message
from bot.slack.blockkit.rich_text import plain_rich_text
from bot.slack.blockkit.text import escape_mrkdwn, excerpt
from bot.slack.parsing.action_ids import Action
from storage.queries.practice import PracticeMember
from storage.row_id import id_of

MAX_FEEDBACK_CHARACTERS = 1_000
"""Characters of the right answer, and of its explanation."""

OUTCOME_TEXTS = {
    "passed": "You passed the practice with {correct} of {total} right. Your tasks follow.",
    "retry": "{correct} of {total} right is not enough to pass. Please try once more, with other "
    "questions if there are any.",
    "failed": "{correct} of {total} right is not enough to pass, so you get no tasks of this "
    "campaign for now. Thank you for your time. The coordinators were notified, and can admit you.",
}
"""What follows the last question of an attempt."""


def format_feedback(summary: str, feedback: PracticeFeedback) -> str:
    """Return the receipt of a practice question: the answer, whether it is right, and why."""
    mark, verdict = ("✓", "right") if feedback.is_right else ("✗", "not right")
    lines = [f"{mark} Practice {feedback.number} of {feedback.total}: {verdict}", summary]
    right_answer = excerpt(feedback.right_answer, MAX_FEEDBACK_CHARACTERS).text
    lines.append(f"Correct answer: {right_answer}")
    if feedback.explanation:
        lines.append(f"Why: {excerpt(feedback.explanation, MAX_FEEDBACK_CHARACTERS).text}")
    if feedback.outcome:
        text = OUTCOME_TEXTS[feedback.outcome]
        lines.append(text.format(correct=feedback.correct, total=feedback.total))
    return "\n".join(lines)


def render_practice_failure(member: PracticeMember) -> Message:
    """Render that an expert failed the practice, with a button to admit them."""
    name = member.expert.name or member.expert.pseudonym
    title, campaign_id = member.campaign.title, id_of(member.campaign)
    if member.membership.qualified_at is not None:
        text = f"“{title}”: {name} was admitted without passing the practice, and gets tasks now."
        return Message(escape_mrkdwn(text), [plain_rich_text(text)])
    text = (
        f"“{title}”: {name} failed the practice {member.membership.practice_failures} times, and "
        "gets no tasks of this campaign."
    )
    admit = Action("qualify_expert", campaign_id, option=member.expert.slack_id)
    buttons = actions(
        f"practice:{campaign_id}:{id_of(member.expert)}",
        button("Admit", admit.action_id, admit.value),
    )
    return Message(escape_mrkdwn(text), [plain_rich_text(text), buttons])
