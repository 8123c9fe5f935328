"""Speech engines behind one protocol: what any of them must do, which there are, and the shipped ones."""
