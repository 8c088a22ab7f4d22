"""Reports: all that is known about a program, and why it does what it does, as one page that needs nothing else."""
