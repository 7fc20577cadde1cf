"""The modal that creates a campaign: its view, the settings of kinds and its submission."""
