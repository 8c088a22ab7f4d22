"""The debugger as a service: sessions, time travel, stops, snapshots, diffs, commands. No screen, no compiled code."""
