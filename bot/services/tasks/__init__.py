"""Delivering tasks to experts: the next task, scheduled delivery, manual assignment, previews."""
