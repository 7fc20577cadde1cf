"""Scheduled and manual reminders about open tasks."""
