"""Original sample items: prompts to write to, pairs to compare, jokes to rate."""
