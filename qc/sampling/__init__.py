"""Which calls people look at beside those that the rules flag: plans, draws, and what a draw proves."""
