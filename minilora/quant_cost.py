"""What storing the base weights in fewer bits costs: ``python -m minilora.quant_cost``.

The same held-out rows, the same adapter, three ways to store the base: the loss of the completion
tokens without and with the adapter, and the share of exact answers with it.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from minilora.batches import Example, encode_rows
from minilora.command import Parser, check_writable, exit_with, write_json
from minilora.evaluate import chosen, evaluate
from minilora.loading import QUANTS, choose_device, load
from minilora.lora import set_active
from minilora.precision import compute_dtype
from minilora.report import environment
from minilora.scoring import summarize
from minilora.suites import load_suite, some
from minilora.train import validation_loss

MICRO_TOKENS = 2_000


def main(argv: Sequence[str] | None = None) -> None:
    """Run the command."""
    parser = Parser(
        prog="python -m minilora.quant_cost",
        description="Compare nf4, int8 and unquantised base weights, with and without the adapter.",
    )
    parser.add_argument(
        "--adapter", metavar="DIR", help="LoRA adapter (default: the shipped json-specialist)"
    )
    parser.add_argument("--model", help="base model (default: the one the adapter was trained on)")
    parser.add_argument("--suite", default="seen_tools", help="rows to ask (default: seen_tools)")
    parser.add_argument("--limit", type=int, default=100, help="rows at most (default: 100)")
    parser.add_argument("--json", metavar="FILE", help="write the figures as JSON")
    arguments = parser.parse_args(argv)
    exit_with(lambda: _run(arguments))


def _run(arguments: argparse.Namespace) -> None:
    check_writable(json=arguments.json)
    if arguments.limit < 1:
        raise ValueError(f"--limit must be at least 1, got {arguments.limit}")
    adapter, model_name = chosen(arguments.adapter, arguments.model)
    dtype, _ = compute_dtype(choose_device("auto"))
    suites = {
        name: some(rows, arguments.limit) for name, rows in load_suite(arguments.suite).items()
    }
    if len(suites) != 1:
        raise ValueError("--suite must name one suite or file")
    (rows,) = suites.values()
    print("| base weights | loss, base | loss, tuned | exact, tuned (95% interval) |")
    print("|---|---|---|---|")
    figures = {}
    for quant in QUANTS:
        model, tokenizer = load(model_name, quant, adapter, dtype=dtype)
        groups: dict[str, list[Example]] = {}
        for example in encode_rows(rows, tokenizer, model.config.max_seq_len):
            groups.setdefault(example.group, []).append(example)
        budget = max(MICRO_TOKENS, *(len(e) for group in groups.values() for e in group))
        tuned = validation_loss(model, list(groups.values()), budget)
        results = evaluate(model.eval(), tokenizer, suites, ["tuned"])
        set_active(model, None)
        base = validation_loss(model, list(groups.values()), budget)
        (modes,) = results.values()
        exact = summarize([answer.verdict for answer in modes["tuned"].answers])["exact"]
        assert exact is not None
        low, high = exact.interval
        figures[quant] = {
            "loss_base": base,
            "loss_tuned": tuned,
            "exact": exact.value,
            "n": exact.n,
        }
        share = f"{100 * exact.value:.1f}% ({100 * low:.0f}–{100 * high:.0f}), n = {exact.n}"
        print(f"| {quant} | {base:.3f} | {tuned:.3f} | {share} |", flush=True)
    write_json(arguments.json, {"model": model_name, "quants": figures, **environment()})


if __name__ == "__main__":
    main()
