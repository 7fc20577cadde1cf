"""Whether the bot may message an expert now: reachability and daily limit."""
