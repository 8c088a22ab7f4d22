"""Why a program does what it does, exactly: traces, dependences, slices, and what they add up to."""
