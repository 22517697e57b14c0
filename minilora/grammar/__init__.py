"""Grammar-constrained decoding: what a model may write next, so that the whole is always valid."""
