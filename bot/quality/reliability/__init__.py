"""Reliability of experts: signs that answers do not depend on the items."""
