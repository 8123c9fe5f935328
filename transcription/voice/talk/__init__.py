"""How the two speak with each other: turns, interruptions, silences, holds."""
