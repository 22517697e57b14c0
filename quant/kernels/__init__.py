"""Kernels: the arithmetic of `quant.nf4` written for one kind of processor.

Each file names the torch function it must equal.
"""
