"""When to message experts: working hours, leases, reminders, limits and time away. All pure."""
