"""What is heard rather than said: raised voices, agitation, talking over each other, silence, and pace."""
