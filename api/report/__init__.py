"""One self-contained page per call: sound, transcript, evidence, scores."""
