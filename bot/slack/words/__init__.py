"""Every word of the outbox and how it is said: drawn now, from what the database says now."""

from __future__ import annotations

from bot.slack.words import (
    campaigns,
    charts,
    digests,
    exports,
    files,
    raising,
    reminders,
    returns,
    tasks,
    threads,
)
from bot.slack.words.saying import Note, Say

__all__ = ["WORDS", "Note", "Say"]

WORDS: dict[str, Say] = {
    "turn": tasks.say_turn,
    "task": tasks.say_task,
    "retired": tasks.say_retired,
    "expired": tasks.say_expired,
    "released": tasks.say_released,
    "recalled": tasks.say_recalled,
    "welcome": returns.say_welcome,
    "stay": returns.say_stay,
    "instead": returns.say_instead,
    "reminder": reminders.say_reminder,
    "words": reminders.say_words,
    "piece": threads.say_piece,
    "saved": threads.say_saved,
    "heard": threads.take_message,
    "file": threads.take_file,
    "asked": raising.say_asked,
    "question": raising.say_question,
    "reply": raising.say_reply,
    "settled": raising.say_settled,
    "flagged": raising.say_flagged,
    "exported": exports.say_exported,
    "arriving": files.take_import,
    "imported": files.say_imported,
    "gather": campaigns.say_gathered,
    "ready": campaigns.say_ready,
    "test": campaigns.say_test,
    "chart": charts.say_chart,
    "digest": digests.say_digest,
}
