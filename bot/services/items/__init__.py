"""Mapping between stored items and the content that kinds work with."""
