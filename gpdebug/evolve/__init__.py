"""Evolution, headless: tasks, a search in compiled kernels, and runs that are saved, resumed and repeated exactly."""
