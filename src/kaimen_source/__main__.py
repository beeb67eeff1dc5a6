"""`python -m kaimen_source`."""

import sys

from kaimen_source.command import main

sys.exit(main())
