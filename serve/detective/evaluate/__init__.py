"""How good the Data Detective's answers are: ``python -m serve.detective.evaluate``."""
