"""An interactive debugger and inspector for evolved programs."""

__version__ = "0.1.0"
