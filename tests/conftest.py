"""Chooses Triton's interpreter where there is no GPU, before any kernel module is imported."""

import os

import torch

if not torch.cuda.is_available():
    os.environ["TRITON_INTERPRET"] = "1"  # read when a kernel is decorated, so it must come first
