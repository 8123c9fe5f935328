"""How long things are kept, and deleting them for good: policy, decisions, deletion, proof."""
