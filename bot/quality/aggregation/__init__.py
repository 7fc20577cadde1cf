"""Aggregation: several answers to an item become one label with a probability."""
