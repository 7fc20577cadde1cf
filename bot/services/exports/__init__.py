"""Export requests, schedules and jobs."""
