"""The judge: how good answers are, how far to trust that measurement, and a gate on it."""
