"""Rankings of models from the preferences of experts."""
