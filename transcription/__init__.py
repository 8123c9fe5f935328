"""Speech recognition, speech detection, channels and speakers, the guard against invented text, voice cues."""
