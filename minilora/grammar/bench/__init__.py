"""This project's grammars beside xgrammar, llguidance and outlines-core.

``python -m minilora.grammar.bench`` (:mod:`.__main__`) runs it. In the order of reading:

- :mod:`.engines`: what the benchmark asks of an engine, and ours; :mod:`.peers`: the others;
- :mod:`.data`: schemas and instances; :mod:`.variants`: more instances of a schema;
- :mod:`.measure`: one schema on one engine, checked and timed;
- :mod:`.worker`: that in a process of its own, with limits on time and memory;
- :mod:`.summary`: figures of many schemas, and the targets; :mod:`.tables`: the same as Markdown.
"""
