"""Creating campaigns and changing them: members, guidelines, audience, lifecycle."""
