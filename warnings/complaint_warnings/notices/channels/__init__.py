"""How each kind of channel wants its messages, and what its answers mean."""
