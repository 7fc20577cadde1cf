"""Reviewing answers: the queue, decisions and corrections."""
