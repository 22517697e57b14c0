"""Set before torch and any kernel module is imported: one thread, and Triton's interpreter.

Tests run in several processes at once; on small matrices a second thread only waits.
"""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")  # inherited by the commands that tests start

import torch

if not torch.cuda.is_available():
    os.environ["TRITON_INTERPRET"] = "1"  # read when a kernel is decorated, so it must come first

collect_ignore_glob = ["reference/*/make_*.py"]  # they need the reference libraries
