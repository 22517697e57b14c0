"""An embedding table that costs nothing where its values are read from a file afterwards.

>>> with torch.device("meta"):
...     table = embedding(50_000, 576)
>>> table.weight.is_meta, embedding(3, 2).weight.shape
(True, torch.Size([3, 2]))
"""

from __future__ import annotations

import torch
from torch import nn


def embedding(n_rows: int, size: int) -> nn.Embedding:
    """Return ``nn.Embedding(n_rows, size)``; on the meta device no numbers are drawn for it.

    Drawing them there, where they have no values, makes torch import its compiler: two seconds at
    every start.
    """
    weight = torch.empty(n_rows, size)
    if not weight.is_meta:
        nn.init.normal_(weight)
    return nn.Embedding(n_rows, size, _weight=weight)
