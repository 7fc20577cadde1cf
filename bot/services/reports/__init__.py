"""Campaign status, overview, agreement, forecast, warnings and weekly digest."""
