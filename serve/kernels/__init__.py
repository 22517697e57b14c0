"""Triton kernels of the server; each must equal a torch reference that its module names."""
