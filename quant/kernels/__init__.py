"""Triton kernels: the arithmetic of `quant.nf4` for a GPU. Each file names the torch function it must equal."""
