"""How the voices sound: loudness, pitch, tilt, and how far above the speaker's own calm voice."""
