"""LLM.int8(): weights and activations in 8 bits by row, outlier columns in floating point.

    W_nk ~ c_nk * a_n / 127      c_nk = round(W_nk * (127 / a_n))      a_n = max_k |W_nk|

A matmul quantizes its input by row in the same way and multiplies int8 by int8 into int32, which is
exact. A few columns of a transformer's activations hold values far above the others, which would
take all the range of their row; those columns (any |x| >= 6.0) are left out of the integer product
and multiplied in floating point.

Shape letters: M rows of the input, N output features, K input features.

Source: Dettmers et al. 2022, LLM.int8(), sections 2 and 3, arXiv:2208.07339.

>>> codes, row_absmax = quantize_int8(torch.tensor([[0.5, -1.0], [0.0, 0.0]]))
>>> codes.tolist(), row_absmax.tolist()
([[64, -127], [0, 0]], [1.0, 0.0])
>>> dequantize_int8(codes, row_absmax, torch.float32)
tensor([[ 0.5039, -1.0000],
        [ 0.0000,  0.0000]])
"""

import torch
from torch import Tensor

OUTLIER_THRESHOLD = 6.0  # section 3.2 of the paper: |x| from which a column counts as an outlier


def quantize_int8(weight: Tensor) -> tuple[Tensor, Tensor]:
    """Quantize a weight by row: c = round(w * (127 / a)), to nearest even, a = max |w| of the row.

    The weight is rounded to float16 first, as bitsandbytes does.

    Args:
        weight: (N, K) of a floating dtype, no value beyond float16's 65504.

    Returns:
        codes (N, K) int8, from -127 to 127; row_absmax (N,) float32. A row of zeros gives zeros.

    Raises:
        ValueError: not a non-empty floating matrix, or a value that is not finite in float16.
    """
    if weight.dim() != 2 or weight.numel() == 0 or not weight.is_floating_point():
        raise ValueError(
            f"weight must be a floating (out_features, in_features) matrix, "
            f"got {weight.dtype} of shape {tuple(weight.shape)}"
        )
    half = weight.detach().to(torch.float16)
    codes, row_absmax = _quantize_rows(half)
    if not bool(row_absmax.isfinite().all()):
        bad = int((~half.isfinite()).sum())
        raise ValueError(f"weight has {bad} values that are not finite in float16")
    return codes, row_absmax


def dequantize_int8(codes: Tensor, row_absmax: Tensor, dtype: torch.dtype) -> Tensor:
    """Return the weight that codes stand for: w = c * a * (1 / 127), in float32, then `dtype`.

    The order of the two products is part of the definition: c * (a / 127) rounds differently.

    Args:
        codes: (N, K) int8.
        row_absmax: (N,) float32.
        dtype: any floating dtype.

    Raises:
        ValueError: dtypes or sizes other than these.
    """
    check_codes(codes, row_absmax)
    return codes.float().mul_(row_absmax[:, None]).mul_(1 / 127).to(dtype)


def int8_linear(
    x: Tensor,
    codes: Tensor,
    row_absmax: Tensor,
    bias: Tensor | None = None,
    threshold: float | None = OUTLIER_THRESHOLD,
) -> Tensor:
    """Return x W^T + bias with both factors in int8, outlier columns of x in x's own dtype.

    y_mn = (sum_k cx_mk cw_nk) * (ax_m / 127) * (aw_n / 127) + sum_{k outlier} x_mk w_nk + bias_n

    Args:
        x: (M, K) floating.
        codes: (N, K) int8.
        row_absmax: (N,) float32.
        bias: (N,) or None.
        threshold: a column with any |x| at or above this is an outlier; None for no outliers.

    Returns:
        (M, N) in x's dtype. The integer product is exact; the scaling is in float32.

    Raises:
        ValueError: sizes that do not belong together, or a threshold that is not positive.
    """
    check_codes(codes, row_absmax)
    if x.dim() != 2 or x.shape[1] != codes.shape[1]:
        raise ValueError(f"x must be (rows, {codes.shape[1]}), got {tuple(x.shape)}")
    x_codes, x_absmax, outliers = quantize_activations(x, threshold)
    y32 = int8_matmul(x_codes, codes).float()  # (M, N), exact in int32
    y32 *= (x_absmax / 127)[:, None]
    y32 *= row_absmax / 127
    if bias is not None:
        y32 += bias
    y = y32.to(x.dtype)
    if outliers.numel():
        columns = dequantize_int8(codes[:, outliers], row_absmax, x.dtype)  # (N, outliers)
        y = y.addmm(x[:, outliers], columns.T)
    return y


def quantize_activations(x: Tensor, threshold: float | None) -> tuple[Tensor, Tensor, Tensor]:
    """Quantize an input by row, leaving outlier columns out.

    Args:
        x: (M, K) floating; rounded to float16 first.
        threshold: a column with any |x| at or above this is an outlier; None for no outliers.

    Returns:
        codes (M, K) int8, 0 in outlier columns; absmax (M,) float32 of the values below the
        threshold; outliers (number of them,) int64, the columns' indices.

    Raises:
        ValueError: a threshold that is not positive.
    """
    if threshold is not None and not threshold > 0:
        raise ValueError(f"threshold must be positive, or None for no outliers, got {threshold}")
    half = x.to(torch.float16)
    if threshold is None:
        return *_quantize_rows(half), torch.empty(0, dtype=torch.int64, device=x.device)
    large = half.abs() >= threshold
    outliers = large.any(dim=0).nonzero().view(-1)
    if outliers.numel() == 0:
        return *_quantize_rows(half), outliers
    codes, absmax = _quantize_rows(half.masked_fill(large, 0))
    return codes.index_fill_(1, outliers, 0), absmax, outliers


def int8_matmul(a: Tensor, b: Tensor) -> Tensor:
    """Return a b^T exactly: (M, K) int8, (N, K) int8 -> (M, N) int32.

    On CUDA the integer product wants more than 16 rows and multiples of 8: zeros are added.
    """
    if a.device.type != "cuda":
        return torch._int_mm(a, b.T)
    M, K = a.shape
    N = b.shape[0]
    pad_rows = max(-M % 8, 24 - M)
    a = torch.nn.functional.pad(a, (0, -K % 8, 0, pad_rows))
    b = torch.nn.functional.pad(b, (0, -K % 8, 0, -N % 8))
    return torch._int_mm(a, b.T)[:M, :N]


def check_codes(codes: Tensor, row_absmax: Tensor) -> None:
    """Raise ValueError unless codes are an int8 matrix and row_absmax its float32 rows."""
    if codes.dtype != torch.int8 or codes.dim() != 2:
        raise ValueError(f"codes must be an int8 matrix, got {codes.dtype} {tuple(codes.shape)}")
    if row_absmax.dtype != torch.float32 or row_absmax.shape != codes.shape[:1]:
        raise ValueError(
            f"row_absmax must be {tuple(codes.shape[:1])} torch.float32, "
            f"got {tuple(row_absmax.shape)} {row_absmax.dtype}"
        )


def _quantize_rows(half: Tensor) -> tuple[Tensor, Tensor]:
    """Quantize float16 rows to int8; the scaling is in float32. A row of zeros stays zeros."""
    absmax = half.abs().amax(dim=1).float()
    scale = torch.where(absmax > 0, 127.0 / absmax, 0.0)
    return torch.round(half * scale[:, None]).to(torch.int8), absmax
