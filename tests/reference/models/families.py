"""The tiny random models of every family: their sizes, and weights that both sides derive alike.

Values are those of the `*Config` classes of transformers. The sizes are small but keep what tells
the families apart: grouped heads, a head_dim that is not d_model / n_heads, a window shorter than
the text, rope scaling whose three ranges of wavelengths all occur.
"""

import hashlib

import torch
from torch import Tensor, nn

SEED = 11
N_TOKENS = 32
SIZES = {
    "vocab_size": 64,
    "hidden_size": 48,
    "intermediate_size": 80,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "max_position_embeddings": 128,
    "rms_norm_eps": 1e-5,
    "tie_word_embeddings": False,
}
LLAMA3_SCALING = {
    "rope_type": "llama3",
    "low_freq_factor": 1.0,
    "high_freq_factor": 4.0,
    "original_max_position_embeddings": 64,  # of 6 wavelengths 1 is kept, 1 blended, 4 stretched
}
FAMILIES = {
    "llama2": {"model_type": "llama", "num_key_value_heads": 4},
    "llama3": {"model_type": "llama", "rope_theta": 500_000.0},
    "llama3.1": {
        "model_type": "llama",
        "rope_theta": 500_000.0,
        "rope_scaling": {**LLAMA3_SCALING, "factor": 8.0},
    },
    "llama3.2": {
        "model_type": "llama",
        "rope_theta": 500_000.0,
        "rope_scaling": {**LLAMA3_SCALING, "factor": 32.0},
        "tie_word_embeddings": True,
    },
    "llama_linear": {
        "model_type": "llama",
        "rope_scaling": {"rope_type": "linear", "factor": 4.0},
    },
    "llama_bias": {"model_type": "llama", "attention_bias": True, "mlp_bias": True},
    "mistral": {"model_type": "mistral", "sliding_window": 7},
    "mistral_nemo": {"model_type": "mistral", "sliding_window": None, "head_dim": 16},
    "qwen2": {"model_type": "qwen2", "rope_theta": 1_000_000.0, "rms_norm_eps": 1e-6},
    "qwen2_window": {
        "model_type": "qwen2",
        "use_sliding_window": True,
        "sliding_window": 5,
        "max_window_layers": 0,
    },
    "qwen2.5": {
        "model_type": "qwen2",
        "rope_theta": 1_000_000.0,
        "rms_norm_eps": 1e-6,
        "tie_word_embeddings": True,
    },
    "qwen3": {
        "model_type": "qwen3",
        "head_dim": 16,
        "rope_theta": 1_000_000.0,
        "rms_norm_eps": 1e-6,
        "tie_word_embeddings": True,
    },
    "smollm2": {
        "model_type": "llama",
        "hidden_size": 72,
        "num_attention_heads": 9,
        "num_key_value_heads": 3,
        "rope_theta": 100_000.0,
        "tie_word_embeddings": True,
    },
}


@torch.no_grad()
def fill_(model: nn.Module) -> str:
    """Give every parameter seeded uniform values, in the order of its name; return their sha256.

    Only torch's uniform generator is used, which is the same on every machine. Norm weights lie
    around 1, matrices get a spread at which no layer's output vanishes.
    """
    generator = torch.Generator().manual_seed(SEED)
    digest = hashlib.sha256()
    named = {name.removeprefix("model."): p for name, p in model.named_parameters()}
    for name in sorted(named):
        parameter = named[name]
        noise = torch.rand(parameter.shape, generator=generator) * 2 - 1
        if "norm" in name:
            parameter.copy_(1 + 0.5 * noise)
        else:
            parameter.copy_(0.3 * noise)
        digest.update(name.encode() + parameter.numpy().tobytes())
    return digest.hexdigest()


def tokens() -> Tensor:
    """Return the text of every family, (1, N_TOKENS) int64."""
    generator = torch.Generator().manual_seed(SEED)
    return torch.randint(SIZES["vocab_size"], (1, N_TOKENS), generator=generator)
