"""The machine that evolved programs run on: dialects, programs, an exact reference and fast compiled kernels."""
