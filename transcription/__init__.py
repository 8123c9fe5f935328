"""Speech recognition, channels and speakers, the guard against invented text, voice cues."""
