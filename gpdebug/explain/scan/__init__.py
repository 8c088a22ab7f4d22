"""Scans: what every instruction of a program is good for, found by running all its mutants."""
