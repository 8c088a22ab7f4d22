"""What would be if: changes of a run, what comes of each, why something did not happen, how good an explanation is."""
