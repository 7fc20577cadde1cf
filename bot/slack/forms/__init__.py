"""Fields of a task: rendering them in Slack, and parsing what experts enter."""
