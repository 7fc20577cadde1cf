"""What people see in Slack: messages and modals, drawn without side effects."""
