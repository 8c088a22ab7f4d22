"""Saved runs and populations: reading and writing them, opening what a user names, checking it.

Nothing here imports Arrow or compiled code when it is imported: what needs them does so when it is called.
"""
