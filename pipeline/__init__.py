"""The stages in order: the only place that knows the whole way of a recording."""
