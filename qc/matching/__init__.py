"""Finding words in what was said: by letters, by regular expression and by sound."""
