"""Answers written in message threads, and messages sent to the bot."""
