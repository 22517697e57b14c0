"""Triton kernels of minilora; each must equal a torch reference that its module names."""
