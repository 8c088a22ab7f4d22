"""`python -m gpdebug` is `gpdebug`."""

from __future__ import annotations

import sys

from gpdebug.cli import main

sys.exit(main())
