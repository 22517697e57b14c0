"""Attacks through the whole agent: what gets out, what gets steered, what is refused.

``python -m serve.guard.bench FILE [FILE...]`` reads attacks (JSON lines), puts each in front of the
agent and tells by class and place what came of it:

- :mod:`.rows`: the files, and which of their rows are run.
- :mod:`.scenes`: benign questions with known answers, and an attack put among their sources.
- :mod:`.paper`: a PDF made of paragraphs. :mod:`.wiki`: a wiki with the pages of a scene.
- :mod:`.watch`: what the agent calls while it answers.
- :mod:`.judge`: what an answer gives away, and whether it was steered.
- :mod:`.run`: all rows in all places. :mod:`.tables`: the figures with their intervals.

``attacks.jsonl`` holds attacks that were written against this very design.
"""
