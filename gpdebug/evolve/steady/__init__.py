"""Steady-state search: births one at a time inside one compiled kernel, each child in the place of a worse one."""
