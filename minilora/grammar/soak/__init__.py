"""Random constrained outputs, each checked against its schema by jsonschema.

``python -m minilora.grammar.soak`` (:mod:`.__main__`) runs it. In the order of reading:

- :mod:`.schemas`: schemas from files, or random ones;
- :mod:`.sampling`: outputs of random logits, or of a real model, held by a grammar;
- :mod:`.verdict`: why an output is no document of its schema.
"""
