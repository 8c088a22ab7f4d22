"""How well the search does: solve rates over seeds, times to a solution, and what others reached."""
