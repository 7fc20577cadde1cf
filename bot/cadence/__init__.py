"""When we speak: working hours, leases, reminders, the day's portion, and who is away. All pure."""
