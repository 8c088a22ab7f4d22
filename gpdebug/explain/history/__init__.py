"""Two programs side by side, and where a program comes from: alignment, divergence, blame, the line of descent."""
