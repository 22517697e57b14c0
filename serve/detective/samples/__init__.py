"""What comes with the Data Detective: a report, questions on it, and pages of a small wiki.

The report's text is ``lighthouse-of-vell.md``; ``python -m serve.detective.samples`` makes the PDF
of it. ``questions.jsonl`` asks about it, and ``wiki/`` holds pages on the real things that it
names, true where the report is wrong on purpose.
"""

from pathlib import Path

FOLDER = Path(__file__).parent
SAMPLE = FOLDER / "lighthouse-of-vell.pdf"
QUESTIONS = FOLDER / "questions.jsonl"
WIKI = FOLDER / "wiki"
