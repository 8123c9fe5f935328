"""How the customer feels and how the collector sounds: words and voice held against each other."""
