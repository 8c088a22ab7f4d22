"""Circuits: an explanation as a graph of what feeds what, grouped, pruned, laid out in layers and drawn."""
