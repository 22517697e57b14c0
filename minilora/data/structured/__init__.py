"""Tasks beside single tool calls: a text in, a JSON document of a given type out.

>>> import random
>>> rows = build(random.Random(7), 60, "test")
>>> len(rows), sorted({row.task for row in rows})
(60, ['classify', 'extract', 'filter', 'list', 'multi_call', 'record'])
"""

from minilora.data.structured.build import SHARES, build

__all__ = ["SHARES", "build"]
