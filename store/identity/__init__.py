"""How people and programs prove who they are: passwords, sessions, keys, and what slows down guessing."""
