"""Sizes of the models, as Kiln's `bench` names them."""

SIZES = {
    "gpt2-124m": dict(vocabulary=50257, context=1024, layers=12, heads=12, width=768),
    "gpt2-1558m": dict(vocabulary=50257, context=1024, layers=48, heads=25, width=1600),
    "shakespeare-char": dict(vocabulary=65, context=64, layers=4, heads=4, width=128),
}
