"""Profiles, preferences, time off and opt-out of experts."""
